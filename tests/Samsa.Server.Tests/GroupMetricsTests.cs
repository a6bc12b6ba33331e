using System.Globalization;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class GroupMetricsTests
{
    [Fact]
    public async Task Metrics_tell_of_groups_members_offsets_rebalances_and_commits()
    {
        await using var server = await TestServer.StartAsync("offsets.topic.num.partitions=2", "samsa.admin.listener=http://127.0.0.1:0");
        using var client = server.Connect();
        client.Call<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }], TimeoutMs = 5000 }, 7);
        ConsumerGroupTests.Find(client, "g");
        Assert.Equal(0, await ReadAsync(server, "samsa_groups_commits_total"));

        client.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "a", RebalanceTimeoutMs = 30_000, SubscribedTopicNames = ["t"], TopicPartitions = [] }, 1);
        Commit(client, "alone", 0);
        Commit(client, "alone", 0);
        Commit(client, "alone", 1);

        Assert.Equal(1, await ReadAsync(server, "samsa_groups{kind=\"classic\",state=\"Empty\"}"));
        Assert.Equal(1, await ReadAsync(server, "samsa_groups{kind=\"consumer\",state=\"Reconciling\"}")
            + await ReadAsync(server, "samsa_groups{kind=\"consumer\",state=\"Stable\"}"));
        Assert.Equal(1, await ReadAsync(server, "samsa_groups_members"));
        Assert.Equal(2, await ReadAsync(server, "samsa_groups_offsets"));
        Assert.Equal(0, await ReadAsync(server, "samsa_groups_loading"));
        Assert.Equal(1, await ReadAsync(server, "samsa_groups_rebalances_total"));
        Assert.Equal(3, await ReadAsync(server, "samsa_groups_commits_total"));

        client.Call<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = ["alone"] }, 2);
        Assert.Equal(2, await ReadAsync(server, "samsa_groups_removals_total"));
        Assert.Equal(0, await ReadAsync(server, "samsa_groups_offsets"));
    }

    private static void Commit(WireClient client, string group, int partition)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = group,
            Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = partition, CommittedOffset = new(1), CommittedMetadata = "" }] }],
        };
        Assert.Equal(ErrorCode.None, client.Call<OffsetCommitResponse>(request, 8).Topics[0].Partitions[0].ErrorCode);
    }

    private static async Task<double> ReadAsync(TestServer server, string series)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"http://{server.Server.AdminEndPoint}/metrics", TestContext.Current.CancellationToken);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
