using Microsoft.Extensions.Time.Testing;
using Samsa.Broker.Peers;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Peers;

public sealed class PeerNetworkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly InMemoryTransport _transport = new();

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 99, 2)]
    [InlineData(1, 2, 2)]
    public async Task Requests_go_in_the_newest_version_that_both_sides_know(short min, short max, short chosen)
    {
        await using var node = new ScriptedNode(_transport, ApiKey.DescribeCluster, min, max, (_, version) => Cluster(version.ToString()));
        using var channel = Open(node.Port);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await AskAsync(channel);
            Assert.Equal(chosen.ToString(), answer.Response.ClusterId);
        }

        Assert.Equal(1, node.Connections);
        Assert.Equal("broker-7", node.LastClientId);
    }

    [Fact]
    public async Task An_api_that_the_node_lacks_is_an_IOException()
    {
        await using var node = new ScriptedNode(_transport, ApiKey.Heartbeat, 0, 4, (_, _) => new HeartbeatResponse());
        using var channel = Open(node.Port);
        var refused = await Assert.ThrowsAsync<IOException>(() => AskAsync(channel));
        Assert.Contains("DescribeCluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_connects_anew_after_the_node_was_restarted()
    {
        var node = new ScriptedNode(_transport, ApiKey.DescribeCluster, 0, 1, (_, _) => Cluster("first"));
        using var channel = Open(node.Port);
        (await AskAsync(channel)).Dispose();
        await node.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => AskAsync(channel));
        await using var again = new ScriptedNode(_transport, ApiKey.DescribeCluster, 0, 1, (_, _) => Cluster("second"), node.Port);
        using var answer = await AskAsync(channel);
        Assert.Equal("second", answer.Response.ClusterId);
    }

    [Fact]
    public async Task Failures_are_spaced_by_a_growing_back_off()
    {
        var time = new FakeTimeProvider();
        using var channel = Open(9, time);
        await Assert.ThrowsAsync<IOException>(() => AskAsync(channel));
        foreach (var milliseconds in (int[])[50, 100, 200, 400, 800, 1000, 1000])
        {
            var next = AskAsync(channel);
            time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAsync<IOException>(() => next.WaitAsync(s_patience));
        }
    }

    [Fact]
    public async Task A_closed_channel_sends_no_more()
    {
        await using var node = new ScriptedNode(_transport, ApiKey.DescribeCluster, 0, 1, (_, _) => Cluster("x"));
        var channel = Open(node.Port);
        (await AskAsync(channel)).Dispose();
        channel.Dispose();
        await Assert.ThrowsAsync<IOException>(() => AskAsync(channel));
    }

    private static DescribeClusterResponse Cluster(string id) => new() { ClusterId = id };

    private static Task<PeerAnswer<DescribeClusterResponse>> AskAsync(IPeerChannel channel) =>
        channel.SendAsync<DescribeClusterResponse>(new DescribeClusterRequest(), s_patience, TestContext.Current.CancellationToken).AsTask();

    private IPeerChannel Open(int port, TimeProvider? time = null) =>
        new PeerNetwork(new PeerNetworkOptions { Transport = _transport, ClientId = "broker-7", Time = time ?? TimeProvider.System })
            .Open(new PeerAddress("127.0.0.1", port));
}
