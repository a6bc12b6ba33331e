using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Interop.Tests.Confluent;

/// <summary>Changes of topics and settings by librdkafka's admin client.</summary>
public sealed class TopicAdminTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    [Fact]
    public async Task A_topic_gets_more_partitions_that_can_be_used_at_once()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 2);
        using var admin = KafkaClients.Admin(Bootstrap);

        await admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 4 }]);

        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, [new() { Value = [1] }, new() { Value = [2] }, new() { Value = [3] }, new() { Value = [4] }], i => i);
        Assert.All(KafkaClients.ReadAll(Bootstrap, topic, 4), read => Assert.Single(read));
        var refused = await Assert.ThrowsAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 3 }]));
        Assert.Equal(ErrorCode.InvalidPartitions, refused.Results.Single().Error.Code);
    }

    [Fact]
    public async Task Settings_are_altered_one_by_one()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["segment.bytes"] = "2000000" });
        using var admin = KafkaClients.Admin(Bootstrap);
        ConfigResource resource = new() { Type = ResourceType.Topic, Name = topic };

        await admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] =
            [
                new() { Name = "retention.ms", Value = "60000", IncrementalOperation = AlterConfigOpType.Set },
                new() { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Append },
                new() { Name = "segment.bytes", IncrementalOperation = AlterConfigOpType.Delete },
            ],
        });

        var settings = (await admin.DescribeConfigsAsync([resource])).Single().Entries;
        Assert.Equal(("60000", "delete,compact", "1073741824"), (settings["retention.ms"].Value, settings["cleanup.policy"].Value, settings["segment.bytes"].Value));
        await admin.IncrementalAlterConfigsAsync(new() { [resource] = [new() { Name = "cleanup.policy", Value = "delete", IncrementalOperation = AlterConfigOpType.Subtract }] });
        Assert.Equal("compact", (await admin.DescribeConfigsAsync([resource])).Single().Entries["cleanup.policy"].Value);
    }

    [Fact]
    public async Task A_setting_of_the_broker_changes_while_it_runs_and_one_that_cannot_is_refused()
    {
        using var admin = KafkaClients.Admin(Bootstrap);
        ConfigResource resource = new() { Type = ResourceType.Broker, Name = "1" };
        Task AlterAsync(string name, string? value, AlterConfigOpType operation) =>
            admin.IncrementalAlterConfigsAsync(new() { [resource] = [new() { Name = name, Value = value, IncrementalOperation = operation }] });

        await AlterAsync("log.cleaner.threads", "3", AlterConfigOpType.Set);

        var changed = (await admin.DescribeConfigsAsync([resource])).Single().Entries["log.cleaner.threads"];
        Assert.Equal(("3", ConfigSource.DynamicBrokerConfig), (changed.Value, changed.Source));
        await AlterAsync("log.cleaner.threads", null, AlterConfigOpType.Delete);
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => AlterAsync("log.dirs", "/x", AlterConfigOpType.Set));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Results.Single().Error.Code);
    }

    [Fact]
    public async Task Records_are_deleted_and_offsets_listed()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, [.. Enumerable.Range(0, 5).Select(i => new Message<byte[]?, byte[]?> { Value = [(byte)i] })], _ => 0);
        using var admin = KafkaClients.Admin(Bootstrap);
        TopicPartition partition = new(topic, 0);

        var deleted = await admin.DeleteRecordsAsync([new(partition, 3)]);

        Assert.Equal(3, deleted.Single().Offset.Value);
        var first = await admin.ListOffsetsAsync([new() { TopicPartition = partition, OffsetSpec = OffsetSpec.Earliest() }]);
        var last = await admin.ListOffsetsAsync([new() { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }]);
        Assert.Equal((3, 5), (first.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value, last.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value));
        Assert.Equal([3, 4], KafkaClients.ReadAll(Bootstrap, topic, 1)[0].Select(r => (int)r.Message.Value![0]));
    }

    [Fact]
    public async Task Topics_are_described_with_their_partitions()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 3);
        using var admin = KafkaClients.Admin(Bootstrap);

        var described = (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions.Single();

        Assert.Equal((topic, false), (described.Name, described.IsInternal));
        Assert.Equal([0, 1, 2], described.Partitions.Select(p => p.Partition));
        Assert.All(described.Partitions, p => Assert.Equal((1, 1, 1), (p.Leader.Id, p.Replicas.Single().Id, p.ISR.Single().Id)));
    }
}
