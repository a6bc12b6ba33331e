using System.Net;
using System.Net.Sockets;
using Samsa.Controller.Quorum;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Controller.Tests;

/// <summary>Voters in this process, each with a directory of its own, over real sockets.</summary>
internal sealed class RaftClusterFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Dictionary<BrokerId, EndPoint> _voters = [];
    private readonly string _root = Directory.CreateTempSubdirectory("samsa-raft-").FullName;
    private readonly Node?[] _nodes;

    public RaftClusterFixture(int voters)
    {
        _nodes = new Node?[voters];
        for (var i = 0; i < voters; i++)
        {
            _voters[new BrokerId(i + 1)] = new IPEndPoint(IPAddress.Loopback, FreePort());
        }
    }

    public IEnumerable<Node> Running => _nodes.OfType<Node>();

    public string DirectoryOf(int index) => Path.Join(_root, $"{index + 1}");

    public async Task<Node> StartAsync(int index, long bytesBetweenSnapshots = 20_000_000)
    {
        var failure = new TaskCompletionSource<IOException>(TaskCreationOptions.RunContinuationsAsynchronously);
        var settings = new Settings();
        Directory.CreateDirectory(DirectoryOf(index));
        var log = await RaftMetadataLog.OpenAsync(
            new QuorumOptions
            {
                Log = new LocalMetadataLogOptions
                {
                    LogDirectory = DirectoryOf(index), NodeId = new BrokerId(index + 1), Failed = e => failure.TrySetResult(e),
                    MaxBytesBetweenSnapshots = bytesBetweenSnapshots, SegmentBytes = 100_000,
                },
                Voters = _voters,
                Bind = (IPEndPoint)_voters[new BrokerId(index + 1)],
                CheckInterval = TimeSpan.FromSeconds(1),
            },
            settings,
            TestContext.Current.CancellationToken);
        return _nodes[index] = new Node(index, log, settings, failure.Task);
    }

    public async Task StartAllAsync(long bytesBetweenSnapshots = 20_000_000) =>
        await Task.WhenAll(Enumerable.Range(0, _nodes.Length).Select(i => StartAsync(i, bytesBetweenSnapshots)));

    public async Task StopAsync(int index)
    {
        var node = _nodes[index]!;
        _nodes[index] = null;
        await node.Log.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    public void Wipe(int index) => Directory.Delete(DirectoryOf(index), recursive: true);

    /// <summary>The node that decides.</summary>
    public async Task<Node> LeaderAsync() => await Eventually(() => Running.FirstOrDefault(n => n.Log.IsLeader), "a leader");

    /// <summary>Appends where the leader is, as often as it takes.</summary>
    public async Task AppendAsync(string name, string value)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            try
            {
                await (await LeaderAsync()).Log.AppendAsync([Settings.Set(name, value)], TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
                return;
            }
            catch (NotControllerException) when (DateTimeOffset.UtcNow < deadline)
            {
            }
        }
    }

    /// <summary>Waits until all that run have the same, and compares it.</summary>
    public async Task ShouldAgreeAsync()
    {
        var leader = await LeaderAsync();
        foreach (var node in Running)
        {
            // The log is a step ahead of what is applied.
            await Eventually(
                () => node.Log.EndOffset == leader.Log.EndOffset && node.Settings.Last == leader.Log.EndOffset && leader.Settings.Last == leader.Log.EndOffset ? node : null,
                $"node {node.Index + 1} at {leader.Log.EndOffset}, not {node.Log.EndOffset}");
            Assert.Equal(leader.Settings.Values, node.Settings.Values);
            Assert.False(node.Failed.IsCompleted);
        }
    }

    public static async Task<T> Eventually<T>(Func<T?> probe, string what)
        where T : class
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            if (probe() is { } found)
            {
                return found;
            }

            Assert.True(DateTimeOffset.UtcNow < deadline, $"not within {Patience}: {what}");
            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Running.ToArray())
        {
            await StopAsync(node.Index);
        }

        Directory.Delete(_root, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal sealed record Node(int Index, RaftMetadataLog Log, Settings Settings, Task<IOException> Failed);
}
