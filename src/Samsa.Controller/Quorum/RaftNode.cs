using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Samsa.Model;

namespace Samsa.Controller.Quorum;

/// <summary>
/// All of the library that runs in this process: its log, its conversation with the other voters, and what watches over the two. It can
/// break and be opened again while the metadata log that it feeds stays open.
/// </summary>
internal sealed class RaftNode : IAsyncDisposable
{
    private readonly QuorumStateMachine _machine;
    private readonly DurableWal _wal;
    private readonly RaftCluster _cluster;
    private readonly CancellationTokenSource _stopping = new();
    private Task _leading = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private int _disposed;

    private RaftNode(QuorumOptions options, MetadataStore store, QuorumStateMachine machine, DurableWal wal)
    {
        (_machine, _wal) = (machine, wal);
        _cluster = new RaftCluster(Configure(options)) { AuditTrail = wal };
        Leadership = new Leadership(_cluster, wal, machine, options);
        Watch = new SnapshotWatch(_cluster, store, machine, options);
    }

    /// <summary>The times in which this node leads.</summary>
    public Leadership Leadership { get; }

    /// <summary>The current term.</summary>
    public LeaderEpoch Epoch => new((int)((IPersistentState)_wal).Term);

    /// <summary>
    /// Completes when nothing more can be expected of it. Seen with 6.12.0: where a snapshot arrives while earlier entries are about to be
    /// synced, the library looks for entries that the snapshot took the place of, and syncs, acknowledges and applies nothing from then on.
    /// </summary>
    public Task Broken => Task.WhenAny(_leading, _watching);

    private SnapshotWatch Watch { get; }

    /// <summary>Opens the library's log and joins the other voters.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async Task<RaftNode> OpenAsync(
        QuorumOptions options, QuorumDirectory directory, MetadataStore store, QuorumStateMachine machine, Action<EndPoint?, LeaderEpoch> leaderChanged, CancellationToken cancellationToken)
    {
        await machine.RestoreAsync(cancellationToken);
        var wal = new DurableWal(
            new WriteAheadLog.Options
            {
                Location = directory.Log, ChunkSize = 4 << 20, HashAlgorithm = WriteAheadLog.IntegrityHashAlgorithm.Crc32,
            },
            machine);
        await wal.InitializeAsync(cancellationToken);
        var node = new RaftNode(options, store, machine, wal);
        node._cluster.LeaderChanged += (_, leader) => leaderChanged(leader?.EndPoint, node.Epoch);
        await node._cluster.StartAsync(cancellationToken);
        node._leading = node.Leadership.RunAsync(node._stopping.Token);
        node._watching = node.Watch.RunAsync(node._stopping.Token);
        return node;
    }

    /// <summary>Completes when everything is applied here that was committed when this was called.</summary>
    public ValueTask CatchUpAsync(CancellationToken cancellationToken) => _cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, cancellationToken);

    /// <summary>Why it broke; null where it did not.</summary>
    public Exception? Failure => _leading.Exception?.GetBaseException() ?? _watching.Exception?.GetBaseException();

    /// <summary>Leaves the other voters, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_leading, _watching));
        await _cluster.StopAsync(CancellationToken.None);
        await _cluster.DisposeAsync();
        await _wal.DisposeAsync();
        await _machine.DisposeAsync();
        _stopping.Dispose();
    }

    private static RaftCluster.TcpConfiguration Configure(QuorumOptions options) => new(options.Bind)
    {
        PublicEndPoint = options.Voters[options.Log.NodeId],
        ConfigurationStorage = new StaticVoters(options.Voters.Values),
        ColdStart = false,
        LowerElectionTimeout = (int)options.LowerElectionTimeout.TotalMilliseconds,
        UpperElectionTimeout = (int)options.UpperElectionTimeout.TotalMilliseconds,
        RequestTimeout = options.RequestTimeout,
        ConnectTimeout = options.ConnectTimeout,
        HeartbeatThreshold = 0.25,
        IsLeaderLeaseEnabled = true,
        AggressiveLeaderStickiness = true,
        ServerBacklog = 32,
    };
}
