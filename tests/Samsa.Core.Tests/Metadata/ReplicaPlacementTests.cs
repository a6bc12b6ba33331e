using CsCheck;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

public sealed class ReplicaPlacementTests
{
    private static readonly Gen<BrokerImage[]> GenBrokers =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 9]).Array[1, 9].Select(draws => draws.Select((d, i) =>
            Cluster.Broker(i + 1, d.Item1 == 0 ? null : "rack" + d.Item1, fenced: d.Item2 == 0) with { InControlledShutdown = d.Item3 == 0 }).ToArray());

    [Fact]
    public void Replicas_differ_live_ones_lead_and_every_rack_is_used_before_one_twice() =>
        Gen.Select(GenBrokers, Gen.Int[1, 6], Gen.Int[1, 40], Gen.Int[0, 100]).Sample((brokers, factor, partitions, before) =>
        {
            var image = ImageOf(brokers, before);
            var placement = new ReplicaPlacement(image);
            if (placement.RefuseFactor(factor) is not null)
            {
                return;
            }

            var racks = brokers.Where(b => !b.InControlledShutdown).Select(b => b.Rack ?? "").Distinct().Count();
            foreach (var replicas in placement.Spread(partitions, factor))
            {
                var held = replicas.Select(r => image.Brokers[r]).ToArray();
                Assert.Equal(factor, replicas.Distinct().Count());
                Assert.True(held[0].IsActive);
                Assert.DoesNotContain(held, b => b.InControlledShutdown);
                Assert.Equal(Math.Min(factor, racks), held.Select(b => b.Rack ?? "").Distinct().Count());
                Assert.All(
                    held.Where(b => b.Fenced),
                    fenced => Assert.All(brokers.Where(b => b.IsActive && b.Rack == fenced.Rack), b => Assert.Contains(b.Id, replicas)));
            }
        });

    [Fact]
    public void Every_live_broker_leads_as_often_as_any_other_whatever_the_racks() =>
        Gen.Select(GenBrokers, Gen.Int[1, 4], Gen.Int[1, 60]).Sample((brokers, factor, partitions) =>
        {
            var placement = new ReplicaPlacement(ImageOf(brokers, 0));
            if (placement.RefuseFactor(factor) is not null)
            {
                return;
            }

            var leads = placement.Spread(partitions, factor).CountBy(r => r[0]).ToDictionary();
            var counts = brokers.Where(b => b.IsActive).Select(b => leads.GetValueOrDefault(b.Id)).ToArray();
            Assert.True(counts.Max() - counts.Min() <= 1);
        });

    [Fact]
    public void Followers_are_spread_too()
    {
        var held = new ReplicaPlacement(ImageOf([.. Enumerable.Range(1, 5).Select(i => Cluster.Broker(i))], 0))
            .Spread(100, 3).SelectMany(r => r).CountBy(b => b).Select(c => c.Value).ToArray();
        Assert.Equal(5, held.Length);
        Assert.InRange(held.Max() - held.Min(), 0, 6);
    }

    [Fact]
    public void A_fenced_broker_gets_a_replica_that_is_not_in_sync()
    {
        var cluster = new Cluster(1, 2);
        cluster.Add(Cluster.Broker(3, fenced: true));
        cluster.Create("t", 1, 3);
        var partition = cluster.Image.TopicByName("t")!.Partitions[0];
        Assert.Equal(3, partition.Replicas.Length);
        Assert.DoesNotContain(new BrokerId(3), partition.InSyncReplicas);
        Assert.Equal(2, partition.InSyncReplicas.Length);
    }

    [Fact]
    public void Where_everybody_is_fenced_nothing_is_created()
    {
        var cluster = new Cluster();
        cluster.Add(Cluster.Broker(1, fenced: true));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, cluster.Create("t").Error);
        var byHand = new NewTopic("t", -1, -1, [(0, [new BrokerId(1)])], new Dictionary<string, string?>());
        Assert.Equal(
            (ErrorCode.InvalidReplicaAssignment, "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown."),
            cluster.Create(byHand) is [var result] ? (result.Error, result.Message) : default);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    public void Without_a_word_about_it_a_cluster_of_three_keeps_three_copies(int brokers, short factor)
    {
        var cluster = new Cluster([.. Enumerable.Range(1, brokers)]);
        var rules = cluster.DefaultRules with { DefaultReplicationFactor = -1 };
        Assert.Equal(factor, TopicCreation.Decide(cluster.Image, [Cluster.Topic("t")], rules).Response[0].ReplicationFactor);
    }

    [Fact]
    public void A_new_replica_lies_in_the_only_directory_of_its_broker()
    {
        var (only, other) = (Guid.NewGuid(), Guid.NewGuid());
        var cluster = new Cluster();
        cluster.Add(Cluster.Broker(1) with { LogDirs = [only] });
        cluster.Add(Cluster.Broker(2) with { LogDirs = [only, other] });
        cluster.Add(Cluster.Broker(3));
        cluster.Create("t", 1, 3);
        var partition = cluster.Image.TopicByName("t")!.Partitions[0];
        Assert.Equal(
            [only, DirectoryId.Unassigned, DirectoryId.Migrating],
            new[] { 1, 2, 3 }.Select(b => partition.DirectoryOf(new BrokerId(b))));
    }

    private static MetadataImage ImageOf(BrokerImage[] brokers, int partitions)
    {
        var cluster = new Cluster();
        cluster.Add(Cluster.Broker(1));
        if (partitions > 0)
        {
            cluster.Create("before", partitions, 1);
        }

        foreach (var broker in brokers)
        {
            cluster.Add(broker);
        }

        return cluster.Image;
    }
}
