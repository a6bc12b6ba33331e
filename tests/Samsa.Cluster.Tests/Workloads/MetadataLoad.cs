using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Server.Tests;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>
/// Changes the metadata through every node at once, one small change after the other, and remembers which were acknowledged. Each is a client
/// quota under a name of its own: what is missing later was lost.
/// </summary>
internal sealed class MetadataLoad : IAsyncDisposable
{
    private const string QuotaKey = "producer_byte_rate";
    private const short QuotaVersion = 1;
    private const sbyte AnyName = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly TestCluster _cluster;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<(string Name, double Value)> _acknowledged = new();
    private readonly Task _writers;
    private int _last;

    private MetadataLoad(TestCluster cluster)
    {
        _cluster = cluster;
        _writers = Task.WhenAll(cluster.Nodes.Select(n => Task.Run(() => WriteAsync(n))));
    }

    /// <summary>How many changes were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    public static MetadataLoad Start(TestCluster cluster) => new(cluster);

    /// <summary>Waits until that many more are acknowledged.</summary>
    public async Task AcknowledgesAsync(int more, TimeSpan within)
    {
        int before = Acknowledged;
        await Until.HoldsAsync(() => Acknowledged >= before + more, within, () => $"{more} more changes of metadata; there were {Acknowledged - before}");
    }

    /// <summary>Waits until nodes have everything that was acknowledged before the call.</summary>
    public async Task IsAtAsync(IEnumerable<ClusterNode> nodes, TimeSpan within)
    {
        (string, double)[] expected = [.. _acknowledged];
        foreach (ClusterNode node in nodes)
        {
            string[] missing = [];
            await Until.HoldsAsync(
                () => (missing = Missing(node, expected)).Length == 0,
                within,
                () => $"node {node.Id} to have all of {expected.Length} changes; {missing.Length} are missing, as {string.Join(", ", missing.Take(5))}");
        }
    }

    /// <summary>Ends it.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _writers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private string[] Missing(ClusterNode node, (string Name, double Value)[] expected)
    {
        using WireClient client = _cluster.Probe.Connect(node.Id);
        var answer = client.Call<DescribeClientQuotasResponse>(
            new DescribeClientQuotasRequest { Components = [new() { EntityType = "client-id", MatchType = AnyName, Match = null }] }, QuotaVersion);
        Assert.Equal((ErrorCode.None, ""), (answer.ErrorCode, answer.ErrorMessage));
        Dictionary<string, double> there = (answer.Entries ?? []).ToDictionary(e => e.Entity[0].EntityName!, e => e.Values[0].Value, StringComparer.Ordinal);
        return [.. expected.Where(e => !there.TryGetValue(e.Name, out double value) || value != e.Value).Select(e => e.Name)];
    }

    private async Task WriteAsync(ClusterNode node)
    {
        WireClient? client = null;
        using var rests = new PeriodicTimer(Rest);
        while (!_stopping.IsCancellationRequested)
        {
            int value = Interlocked.Increment(ref _last);
            string name = $"{node.Id}-{value.ToString(CultureInfo.InvariantCulture)}";
            try
            {
                client ??= _cluster.Probe.Connect(node.Id, Patience);
                if (client.Call<AlterClientQuotasResponse>(Change(name, value), QuotaVersion).Entries[0].ErrorCode == ErrorCode.None)
                {
                    _acknowledged.Enqueue((name, value));
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or TimeoutException)
            {
                client?.Dispose();
                client = null;
            }

            await rests.WaitForNextTickAsync();
        }

        client?.Dispose();
    }

    private static AlterClientQuotasRequest Change(string name, int value) => new()
    {
        Entries = [new() { Entity = [new() { EntityType = "client-id", EntityName = name }], Ops = [new() { Key = QuotaKey, Value = value }] }],
    };
}
