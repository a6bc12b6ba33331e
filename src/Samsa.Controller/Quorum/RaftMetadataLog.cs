using System.Net;
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
    private readonly IMetadataListener _listener;
    private readonly QuorumDirectory _directory;
    private readonly MetadataStore _store;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private RaftNode? _node;
    private Task _supervising = Task.CompletedTask;
    private int _leader = BrokerId.None.Value;

    private RaftMetadataLog(QuorumOptions options, QuorumDirectory directory, MetadataStore store, IMetadataListener listener) =>
        (_options, _directory, _store, _listener) = (options, directory, store, listener);

    /// <inheritdoc/>
    public bool IsLeader => Node.Leadership.IsActive;

    /// <inheritdoc/>
    public BrokerId Leader => new(Volatile.Read(ref _leader));

    /// <inheritdoc/>
    public LeaderEpoch Epoch => Node.Epoch;

    /// <inheritdoc/>
    public Offset EndOffset => _store.Log.LogEndOffset;

    /// <inheritdoc/>
    public Offset LogStartOffset => _store.LogStartOffset;

    /// <inheritdoc/>
    public Offset CommittedEnd => _store.CommittedEnd;

    /// <inheritdoc/>
    public MetadataSnapshotId? LatestSnapshot => _store.LatestSnapshot;

    private RaftNode Node => Volatile.Read(ref _node)!;

    /// <summary>Opens the logs, replays them to the listener, and joins the other voters.</summary>
    /// <exception cref="Storage.LogCorruptException">A log is damaged, or not that of a quorum.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async Task<RaftMetadataLog> OpenAsync(QuorumOptions options, IMetadataListener listener, CancellationToken cancellationToken)
    {
        var directory = new QuorumDirectory(options.Log);
        directory.Prepare();
        var store = MetadataStore.Open(options.Log, listener, everyAppendIsSynced: true);
        var log = new RaftMetadataLog(options, directory, store, listener);
        log._node = await log.OpenNodeAsync(cancellationToken);
        log._supervising = log.SuperviseAsync(log._stopping.Token);
        return log;
    }

    /// <inheritdoc/>
    public async ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
    {
        Invariant.Holds(records.Count > 0);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var entry = RaftEntry.Change(EndOffset, Batch(records));
            var last = await Node.Leadership.AppendAsync(entry);
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
                await Node.CatchUpAsync(cancellationToken);
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
        await _supervising;
        await Node.DisposeAsync();
        _store.Close();
        _turn.Dispose();
        _stopping.Dispose();
    }

    private Task<RaftNode> OpenNodeAsync(CancellationToken cancellationToken) => RaftNode.OpenAsync(
        _options, _directory, _store, new QuorumStateMachine(new DirectoryInfo(_directory.Snapshots), _store, _listener, Fail), OnLeaderChanged, cancellationToken);

    // What was applied is in the metadata log, and what was acknowledged is synced in the library's: a node that is opened again goes on there.
    private async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Node.Broken.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                ControllerEvents.QuorumBroken(_options.Log.Logger, Node.Failure);
                await Node.DisposeAsync();
                Volatile.Write(ref _node, await OpenNodeAsync(cancellationToken));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // What cannot be opened again ends the process, which tells why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    private void Fail(Exception failure)
    {
        if (failure is DivergedException)
        {
            _directory.MarkDiverged();
        }

        var reason = failure as IOException ?? new IOException(failure.Message, failure);
        ControllerEvents.LogFailed(_options.Log.Logger, failure);
        _options.Log.Failed?.Invoke(reason);
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

    private void OnLeaderChanged(EndPoint? endPoint, LeaderEpoch epoch)
    {
        var leader = BrokerId.None;
        foreach (var (id, address) in _options.Voters)
        {
            leader = address.Equals(endPoint) ? id : leader;
        }

        Volatile.Write(ref _leader, leader.Value);
        ControllerEvents.LeaderChanged(_options.Log.Logger, leader, epoch);
    }
}
