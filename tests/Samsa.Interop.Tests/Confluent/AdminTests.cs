using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Interop.Tests.Confluent;

/// <summary>Topics, settings and the cluster as librdkafka's admin client sees them.</summary>
public sealed class AdminTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    [Fact]
    public async Task A_created_topic_is_in_the_metadata()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 5);
        using var admin = KafkaClients.Admin(Bootstrap);

        var found = admin.GetMetadata(KafkaClients.Deadline).Topics.Single(t => t.Topic == topic);

        Assert.Equal(Enumerable.Range(0, 5), found.Partitions.Select(p => p.PartitionId).Order());
        Assert.All(found.Partitions, p => Assert.Equal((1, 1, 1), (p.Leader, p.Replicas.Single(), p.InSyncReplicas.Single())));
    }

    [Fact]
    public async Task Creating_a_topic_twice_is_refused()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);

        var failure = await Assert.ThrowsAsync<CreateTopicsException>(() => KafkaClients.CreateTopicAsync(Bootstrap, topic));

        Assert.Equal(ErrorCode.TopicAlreadyExists, failure.Results.Single().Error.Code);
    }

    [Theory]
    [InlineData("../../evil", 1, 1, ErrorCode.TopicException)]
    [InlineData("fine", 0, 1, ErrorCode.InvalidPartitions)]
    [InlineData("fine", 1, 3, ErrorCode.InvalidReplicationFactor)]
    public async Task What_cannot_be_created_is_refused(string name, int partitions, short replicas, ErrorCode expected)
    {
        using var admin = KafkaClients.Admin(Bootstrap);
        TopicSpecification topic = new() { Name = name == "fine" ? TopicName() : name, NumPartitions = partitions, ReplicationFactor = replicas };

        var failure = await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));

        Assert.Equal(expected, failure.Results.Single().Error.Code);
    }

    [Fact]
    public async Task An_unknown_or_invalid_setting_is_refused()
    {
        var unknown = await Assert.ThrowsAsync<CreateTopicsException>(() => KafkaClients.CreateTopicAsync(Bootstrap, TopicName(), configs: new() { ["no.such.setting"] = "1" }));
        var invalid = await Assert.ThrowsAsync<CreateTopicsException>(() => KafkaClients.CreateTopicAsync(Bootstrap, TopicName(), configs: new() { ["retention.ms"] = "soon" }));

        Assert.Equal(ErrorCode.InvalidConfig, unknown.Results.Single().Error.Code);
        Assert.Equal(ErrorCode.InvalidConfig, invalid.Results.Single().Error.Code);
    }

    [Fact]
    public void A_topic_nobody_created_is_unknown_and_asking_does_not_create_it()
    {
        string topic = TopicName();
        // The consumer asks for it without leave to create it.
        using var consumer = KafkaClients.Consumer(Bootstrap);
        using var asking = new DependentAdminClientBuilder(consumer.Handle).Build();

        var answer = asking.GetMetadata(topic, KafkaClients.Deadline).Topics.Single();

        Assert.Equal(ErrorCode.UnknownTopicOrPart, answer.Error.Code);
        using var admin = KafkaClients.Admin(Bootstrap);
        Assert.DoesNotContain(topic, admin.GetMetadata(KafkaClients.Deadline).Topics.Select(t => t.Topic));
    }

    [Fact]
    public async Task A_deleted_topic_is_gone_and_its_name_can_be_used_again()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 2);
        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, [new() { Value = [1] }, new() { Value = [2] }], i => i);
        using var admin = KafkaClients.Admin(Bootstrap);

        await admin.DeleteTopicsAsync([topic]);
        Assert.DoesNotContain(topic, admin.GetMetadata(KafkaClients.Deadline).Topics.Select(t => t.Topic));
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 2);

        Assert.All(KafkaClients.ReadAll(Bootstrap, topic, 2), Assert.Empty);
    }

    [Fact]
    public async Task Deleting_an_unknown_topic_is_refused()
    {
        using var admin = KafkaClients.Admin(Bootstrap);

        var failure = await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync([TopicName()]));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, failure.Results.Single().Error.Code);
    }

    [Fact]
    public async Task Topic_settings_say_where_they_come_from()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["retention.ms"] = "60000" });
        using var admin = KafkaClients.Admin(Bootstrap);

        var settings = (await admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }])).Single().Entries;

        Assert.Equal(("60000", ConfigSource.DynamicTopicConfig), (settings["retention.ms"].Value, settings["retention.ms"].Source));
        Assert.Equal(("1073741824", ConfigSource.DefaultConfig), (settings["segment.bytes"].Value, settings["segment.bytes"].Source));
        Assert.All(settings.Values, s => Assert.False(s.IsSensitive));
    }

    [Fact]
    public async Task Broker_settings_are_described()
    {
        using var admin = KafkaClients.Admin(Bootstrap);

        var settings = (await admin.DescribeConfigsAsync([new() { Type = ResourceType.Broker, Name = "1" }])).Single().Entries;

        Assert.Equal("168", settings["log.retention.hours"].Value);
        Assert.Equal(ConfigSource.DefaultConfig, settings["log.retention.hours"].Source);
    }

    [Fact]
    public async Task The_cluster_is_described()
    {
        using var admin = KafkaClients.Admin(Bootstrap);

        var cluster = await admin.DescribeClusterAsync();

        Assert.Equal(22, cluster.ClusterId.Length);
        Assert.Equal(1, cluster.Controller.Id);
        var node = Assert.Single(cluster.Nodes);
        Assert.Equal(Bootstrap, $"{node.Host}:{node.Port}");
    }
}
