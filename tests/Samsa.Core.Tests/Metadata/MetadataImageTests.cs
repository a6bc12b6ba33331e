using CsCheck;
using Samsa.Core.Metadata;
using Samsa.Core.Quotas;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Tests.Metadata;

public sealed class MetadataImageTests
{
    [Fact]
    public void A_snapshot_builds_the_same_image_again() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var cluster = Random(seed, steps: 30);
        var builder = new MetadataImageBuilder(MetadataImage.Empty);
        foreach (var record in MetadataSnapshot.Records(cluster.Image))
        {
            builder.Apply(record);
        }

        Assert.Equal(ImageText.Of(cluster.Image), ImageText.Of(builder.Build(cluster.Image.AppliedOffset)));
    });

    [Fact]
    public void Replaying_the_log_in_one_go_or_step_by_step_gives_the_same_image() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var cluster = Random(seed, steps: 30);
        var builder = new MetadataImageBuilder(MetadataImage.Empty);
        cluster.Log.ForEach(builder.Apply);
        Assert.Equal(ImageText.Of(cluster.Image), ImageText.Of(builder.Build(cluster.Image.AppliedOffset)));
    });

    [Fact]
    public void A_deleted_topic_takes_its_configuration_along_and_its_name_is_free()
    {
        var cluster = new Cluster(1);
        cluster.Create(Cluster.Topic("a_b", 3, 1, ("retention.ms", "5")));
        var id = cluster.Image.TopicByName("a_b")!.Id;
        cluster.Commit(TopicDeletion.Decide(cluster.Image, [new TopicToDelete("a_b", TopicId.None)]));
        Assert.Null(cluster.Image.TopicById(id));
        Assert.Empty(cluster.Image.Configs);
        Assert.Equal(0, cluster.Image.PartitionCount);
        Assert.Equal(ErrorCode.None, cluster.Create("a.b").Error);
    }

    [Fact]
    public void Producer_ids_are_never_granted_twice()
    {
        var cluster = new Cluster(1);
        var blocks = Enumerable.Range(0, 20)
            .Select(_ => cluster.Commit(ClusterController.AllocateProducerIds(cluster.Image, Request(cluster))).ProducerIdStart.Value)
            .ToArray();
        Assert.Equal(blocks.Order().Distinct(), blocks);
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.True(pair.Second - pair.First >= ClusterController.ProducerIdBlock));
    }

    [Fact]
    public void A_change_sets_what_it_names_and_keeps_the_rest()
    {
        var cluster = new Cluster(1, 2, 3);
        cluster.Create("t", 1, 3);
        var topic = cluster.Image.TopicByName("t")!;
        var old = topic.Partitions[0];
        var directories = new[] { Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid() };
        PartitionImage Change(PartitionChangeRecord record)
        {
            record.TopicId = topic.Id;
            record.PartitionId = 0;
            cluster.Commit(new Transition<int, IMetadataRecord>(0, [record]));
            return cluster.Image.TopicByName("t")!.Partitions[0];
        }

        var placed = Change(new PartitionChangeRecord { Directories = directories });
        Assert.Equal((old.Leader, old.LeaderEpoch, old.PartitionEpoch + 1), (placed.Leader, placed.LeaderEpoch, placed.PartitionEpoch));
        Assert.Equal(directories, placed.Directories);

        var shrunk = Change(new PartitionChangeRecord { Isr = [old.Leader], EligibleLeaderReplicas = [old.Replicas[1]], LeaderRecoveryState = 1 });
        Assert.Equal(old.LeaderEpoch, shrunk.LeaderEpoch);
        Assert.Equal([old.Replicas[1]], shrunk.EligibleLeaderReplicas);
        Assert.Equal(LeaderRecoveryState.Recovering, shrunk.LeaderRecoveryState);

        BrokerId[] grown = [.. old.Replicas.Reverse(), new(4)];
        var moved = Change(new PartitionChangeRecord { Replicas = grown, AddingReplicas = [new(4)], RemovingReplicas = [old.Replicas[2]], Leader = old.Leader });
        Assert.Equal(new LeaderEpoch(1), moved.LeaderEpoch);
        Assert.Equal([.. directories.Reverse(), DirectoryId.Unassigned], moved.Directories);
        Assert.True(moved.IsReassigning);
        Assert.Equal([old.Replicas[1]], moved.EligibleLeaderReplicas);
    }

    [Fact]
    public void An_earlier_incarnation_gets_no_producer_ids()
    {
        var cluster = new Cluster(1);
        var request = Request(cluster);
        request.BrokerEpoch--;
        var decision = ClusterController.AllocateProducerIds(cluster.Image, request);
        Assert.Equal((ErrorCode.StaleBrokerEpoch, 0), (decision.Response.ErrorCode, decision.Records.Count));
    }

    private static AllocateProducerIdsRequest Request(Cluster cluster) => new() { BrokerId = new BrokerId(1), BrokerEpoch = cluster.Image.Brokers[new BrokerId(1)].Epoch };

    private static Cluster Random(int seed, int steps)
    {
        var random = new Random(seed);
        var cluster = new Cluster(1, 2, 3);
        for (var i = 0; i < steps; i++)
        {
            var name = "t" + (char)('a' + random.Next(4)) + (random.Next(2) == 0 ? "" : "_x");
            switch (random.Next(6))
            {
                case 0:
                    cluster.Commit(TopicDeletion.Decide(cluster.Image, [new TopicToDelete(name, TopicId.None)]));
                    break;
                case 1:
                    cluster.Add(Cluster.Broker(random.Next(1, 4)));
                    break;
                case 2:
                    cluster.Commit(ClusterController.AllocateProducerIds(cluster.Image, Request(cluster)));
                    break;
                case 3:
                    cluster.Commit(new Transition<int, IMetadataRecord>(0,
                    [
                        new ConfigRecord { ResourceType = 4, ResourceName = "", Name = "k" + random.Next(3), Value = random.Next(3) == 0 ? null : "v" + i },
                    ]));
                    break;
                case 4:
                    var values = new KeyValuePair<string, double?>("producer_byte_rate", random.Next(3) == 0 ? null : i + 1);
                    cluster.Commit(ClientQuotaAlteration.Decide(cluster.Image, [new QuotaWish([new("client-id", random.Next(2) == 0 ? null : name)], [values])], _ => false));
                    break;
                default:
                    cluster.Create(Cluster.Topic(name, random.Next(1, 5), (short)random.Next(1, 4), ("retention.ms", i.ToString())));
                    break;
            }
        }

        return cluster;
    }
}
