using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;

namespace Samsa.Controller.Quorum;

/// <summary>
/// The metadata log of a cluster with several voters: they agree through Raft (DotNext) on changes, and each appends what was agreed to a
/// log of Kafka's format of its own. Only the leader of a term decides, and not before it has applied all that was committed before.
/// </summary>
public sealed class RaftMetadataLog : IMetadataLog, IMetadataReader
{
    private readonly QuorumOptions _options;
    private readonly MetadataStore _store;
    private readonly QuorumStateMachine _machine;
    private readonly DurableWal _wal;
    private readonly RaftCluster _cluster;
    private readonly Leadership _leadership;
    private readonly SnapshotWatch _watch;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;
    private int _leader = BrokerId.None.Value;

    private RaftMetadataLog(QuorumOptions options, MetadataStore store, QuorumStateMachine machine, DurableWal wal)
    {
        (_options, _store, _machine, _wal) = (options, store, machine, wal);
        _cluster = new RaftCluster(Configure(options)) { AuditTrail = wal };
        _cluster.LeaderChanged += (_, leader) => OnLeaderChanged(leader?.EndPoint);
        _leadership = new Leadership(_cluster, wal, machine, options);
        _watch = new SnapshotWatch(_cluster, store, machine, options);
    }

    /// <inheritdoc/>
    public bool IsLeader => _leadership.IsActive;

    /// <inheritdoc/>
    public BrokerId Leader => new(Volatile.Read(ref _leader));

    /// <inheritdoc/>
    public LeaderEpoch Epoch => new((int)((IPersistentState)_wal).Term);

    /// <inheritdoc/>
    public Offset EndOffset => _store.Log.LogEndOffset;

    /// <inheritdoc/>
    public Offset LogStartOffset => _store.LogStartOffset;

    /// <inheritdoc/>
    public Offset CommittedEnd => _store.CommittedEnd;

    /// <inheritdoc/>
    public MetadataSnapshotId? LatestSnapshot => _store.LatestSnapshot;

    /// <summary>Opens the logs, replays them to the listener, and joins the other voters.</summary>
    /// <exception cref="Storage.LogCorruptException">A log is damaged, or not that of a quorum.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async Task<RaftMetadataLog> OpenAsync(QuorumOptions options, IMetadataListener listener, CancellationToken cancellationToken)
    {
        var directory = new QuorumDirectory(options.Log);
        directory.Prepare();
        var store = MetadataStore.Open(options.Log, listener, everyAppendIsSynced: true);
        var machine = new QuorumStateMachine(new DirectoryInfo(directory.Snapshots), store, listener, Fail);
        await machine.RestoreAsync(cancellationToken);
        var wal = new DurableWal(
            new WriteAheadLog.Options
            {
                Location = directory.Log, ChunkSize = 4 << 20, HashAlgorithm = WriteAheadLog.IntegrityHashAlgorithm.Crc32,
            },
            machine);
        await wal.InitializeAsync(cancellationToken);
        var log = new RaftMetadataLog(options, store, machine, wal);
        await log._cluster.StartAsync(cancellationToken);
        log._loops = Task.WhenAll(log._leadership.RunAsync(log._stopping.Token), log._watch.RunAsync(log._stopping.Token));
        return log;

        void Fail(Exception failure)
        {
            if (failure is DivergedException)
            {
                directory.MarkDiverged();
            }

            var reason = failure as IOException ?? new IOException(failure.Message, failure);
            ControllerEvents.LogFailed(options.Log.Logger, failure);
            options.Log.Failed?.Invoke(reason);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
    {
        Invariant.Holds(records.Count > 0);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var entry = RaftEntry.Change(EndOffset, Batch(records));
            var last = await _leadership.AppendAsync(entry);
            return last != Offset.None ? last : throw new NotControllerException("Another change came first");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, cancellationToken);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // No leader yet, or a new one: the next answer counts.
                await Task.Delay(TimeSpan.FromMilliseconds(50), _options.Log.TimeProvider, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(Offset from, int maxBytes) => _store.Read(from, maxBytes);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ReadSnapshot(MetadataSnapshotId id, long position, int maxBytes, out long size) =>
        _store.ReadSnapshot(id, position, maxBytes, out size);

    /// <summary>Leaves the other voters, and closes the logs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loops;
        await _cluster.StopAsync(CancellationToken.None);
        await _cluster.DisposeAsync();
        await _wal.DisposeAsync();
        await _machine.DisposeAsync();
        _store.Close();
        _turn.Dispose();
        _stopping.Dispose();
    }

    private byte[] Batch(IReadOnlyList<IMetadataRecord> records)
    {
        var nowMs = _options.Log.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        using var builder = new RecordBatchBuilder();
        foreach (var record in records)
        {
            builder.Append(record, nowMs);
        }

        return builder.Build().ToArray();
    }

    private void OnLeaderChanged(EndPoint? endPoint)
    {
        var leader = BrokerId.None;
        foreach (var (id, address) in _options.Voters)
        {
            leader = address.Equals(endPoint) ? id : leader;
        }

        Volatile.Write(ref _leader, leader.Value);
        ControllerEvents.LeaderChanged(_options.Log.Logger, leader, Epoch);
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
