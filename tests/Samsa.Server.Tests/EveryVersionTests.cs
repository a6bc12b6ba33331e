using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

/// <summary>Whatever version ApiVersions advertises is answered in that version, with success where success is due.</summary>
public sealed class EveryVersionTests
{
    [Fact]
    public async Task Every_advertised_version_of_every_api_is_answered()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        var topic = client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12).Topics[0];
        ProduceAndFetchTests.Produce(client, "t", 1, "a");
        var unanswered = new List<string>();
        foreach (var api in client.Call<ApiVersionsResponse>(new ApiVersionsRequest(), 0).ApiKeys)
        {
            // KAFKA-18659: Produce 0-2 are advertised for librdkafka's sake, and never sent.
            for (var version = Math.Max(api.MinVersion, ApiCatalog.Get((ApiKey)api.ApiKey).MinVersion); version <= api.MaxVersion; version++)
            {
                if (!IsAnswered(server, Request((ApiKey)api.ApiKey, version, topic.TopicId), version))
                {
                    unanswered.Add($"{(ApiKey)api.ApiKey} {version}");
                }
            }
        }

        Assert.True(unanswered.Count == 0, string.Join(", ", unanswered));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(-2, 0)]
    [InlineData(0, 0)]
    public async Task Every_version_of_ListOffsets_finds_the_offset(long timestamp, long expected)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        ProduceAndFetchTests.Produce(client, "t", 1, "a");
        for (short version = 1; version <= ApiCatalog.Get(ApiKey.ListOffsets).MaxVersion; version++)
        {
            var request = new ListOffsetsRequest { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Timestamp = timestamp }] }] };
            var answer = client.Call<ListOffsetsResponse>(request, version).Topics[0].Partitions[0];
            Assert.Equal((version, ErrorCode.None, expected), (version, answer.ErrorCode, answer.Offset.Value));
        }
    }

    private static bool IsAnswered(TestServer server, IRequest request, short version)
    {
        using var client = server.Connect();
        try
        {
            client.Call<IResponse>(request, version);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IRequest Request(ApiKey key, short version, TopicId topicId) => key switch
    {
        // Answers nothing with acks=0, which is the default of the field.
        ApiKey.Produce => new ProduceRequest { Acks = 1 },
        ApiKey.Fetch => new FetchRequest
        {
            Topics =
            [
                new()
                {
                    Topic = version < 13 ? "t" : "", TopicId = version < 13 ? default : topicId,
                    Partitions = [new() { PartitionMaxBytes = 1000 }],
                },
            ],
        },
        ApiKey.ListOffsets => new ListOffsetsRequest { Topics = [new() { Name = "t", Partitions = [new() { Timestamp = -1 }] }] },
        ApiKey.OffsetForLeaderEpoch => new OffsetForLeaderEpochRequest { Topics = [new() { Topic = "t", Partitions = [new()] }] },
        ApiKey.DescribeConfigs => new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = "t" }, new() { ResourceType = 4, ResourceName = "1" }],
        },
        ApiKey.Metadata => new MetadataRequest { Topics = [new() { Name = "t" }] },
        ApiKey.CreateTopics => new CreateTopicsRequest { Topics = [new() { Name = $"created{version}", NumPartitions = 1, ReplicationFactor = 1 }] },
        _ => ApiCatalog.Get(key).NewRequest(),
    };
}
