using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class CreatePartitionsTests
{
    [Fact]
    public async Task New_partitions_can_be_written_when_the_answer_is_there()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal(ErrorCode.None, await GrowAsync(broker, "t", 3));
        await broker.ProduceAsync("t", 2, "a");
        Assert.Equal(1, broker.LogOf("t", 2).LogEndOffset.Value);
    }

    [Fact]
    public async Task Validating_changes_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal(ErrorCode.None, await GrowAsync(broker, "t", 3, validateOnly: true));
        Assert.Single(broker.Image.TopicByName("t")!.Partitions);
    }

    [Fact]
    public async Task A_topic_named_twice_gets_one_answer_that_says_so()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var request = new CreatePartitionsRequest { Topics = [new() { Name = "t", Count = 2 }, new() { Name = "t", Count = 3 }] };
        var result = Assert.Single((await broker.CallAsync<CreatePartitionsResponse>(request)).Results);
        Assert.Equal((ErrorCode.InvalidRequest, "Duplicate topic name."), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public async Task The_number_of_partitions_of_an_internal_topic_stays()
    {
        await using var broker = await TestBroker.StartAsync("offsets.topic.num.partitions=2");
        await broker.CreateTopicAsync("__consumer_offsets", 2);
        Assert.Equal(ErrorCode.InvalidTopicException, await GrowAsync(broker, "__consumer_offsets", 4));
    }

    [Fact]
    public async Task Beyond_a_quota_newer_clients_are_refused_and_older_ones_throttled()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.CallAsync<AlterClientQuotasResponse>(new AlterClientQuotasRequest
        {
            Entries = [new() { Entity = [new() { EntityType = "client-id", EntityName = "test" }], Ops = [new() { Key = "controller_mutation_rate", Value = 1 }] }],
        });
        Assert.Equal(ErrorCode.None, await GrowAsync(broker, "t", 50));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, await GrowAsync(broker, "t", 100));
        Assert.Equal(ErrorCode.None, await GrowAsync(broker, "t", 100, version: 2));
    }

    private static async Task<ErrorCode> GrowAsync(TestBroker broker, string topic, int count, bool validateOnly = false, short version = -1)
    {
        var request = new CreatePartitionsRequest { Topics = [new() { Name = topic, Count = count, Assignments = null }], ValidateOnly = validateOnly };
        return Assert.Single((await broker.CallAsync<CreatePartitionsResponse>(request, version)).Results).ErrorCode;
    }
}
