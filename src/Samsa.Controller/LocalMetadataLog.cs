using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>
/// The metadata log of a cluster with one voter: a durable local log in Kafka's format, without consensus. Each change
/// is one record batch, synced before it is applied and acknowledged; one thread does it all, in order.
/// </summary>
public sealed class LocalMetadataLog : IMetadataLog, IMetadataReader
{
    private readonly LocalMetadataLogOptions _options;
    private readonly IMetadataListener _listener;
    private readonly MetadataStore _store;
    private readonly PartitionLog _log;
    private readonly RecordBatchBuilder _builder = new();
    private readonly object _gate = new();
    private readonly Queue<PendingAppend> _pending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? _failure;
    private bool _closed;

    private LocalMetadataLog(LocalMetadataLogOptions options, IMetadataListener listener, MetadataStore store, LeaderEpoch epoch)
    {
        _options = options;
        _listener = listener;
        _store = store;
        _log = store.Log;
        Epoch = epoch;
    }

    /// <inheritdoc/>
    public bool IsLeader => Volatile.Read(ref _failure) is null && !Volatile.Read(ref _closed);

    /// <inheritdoc/>
    public BrokerId Leader => IsLeader ? _options.NodeId : BrokerId.None;

    /// <inheritdoc/>
    public LeaderEpoch Epoch { get; }

    /// <inheritdoc/>
    public Offset EndOffset => _log.LogEndOffset;

    /// <inheritdoc/>
    public Offset LogStartOffset => _store.LogStartOffset;

    /// <inheritdoc/>
    public Offset CommittedEnd => _store.CommittedEnd;

    /// <inheritdoc/>
    public MetadataSnapshotId? LatestSnapshot => _store.LatestSnapshot;

    /// <summary>Opens the log, replays it to the listener and begins to lead it in a new epoch. Blocks.</summary>
    /// <exception cref="LogCorruptException">The log is damaged in a way that is no interrupted append; acknowledged changes would be lost.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static LocalMetadataLog Open(LocalMetadataLogOptions options, IMetadataListener listener)
    {
        var (store, epoch) = new LocalMetadataLogOpening(options, listener).Run();
        var opened = new LocalMetadataLog(options, listener, store, epoch);
        new Thread(opened.Run) { IsBackground = true, Name = "metadata-log" }.Start();
        return opened;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Where the disk is merely full, nothing was written and this node stays leader: <see cref="IsLeader"/> tells the two apart.
    /// </remarks>
    public ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
    {
        Invariant.Holds(records.Count > 0);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Offset>(cancellationToken);
        }

        var append = new PendingAppend(records);
        lock (_gate)
        {
            if (_closed)
            {
                return ValueTask.FromException<Offset>(new IOException("The metadata log is closed"));
            }

            _pending.Enqueue(append);
            Monitor.Pulse(_gate);
        }

        return new ValueTask<Offset>(append.Done.Task);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(Offset from, int maxBytes) => _store.Read(from, maxBytes);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ReadSnapshot(MetadataSnapshotId id, long position, int maxBytes, out long size) =>
        _store.ReadSnapshot(id, position, maxBytes, out size);

    /// <summary>Finishes the appends that were asked for, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                Monitor.Pulse(_gate);
            }
        }

        await _ended.Task;
    }

    private void Run()
    {
        while (TryTake(out var append))
        {
            try
            {
                var last = Append(append.Records);
                append.Done.SetResult(last);
            }
            catch (IOException failure)
            {
                append.Done.SetException(failure);
            }
        }

        Close();
    }

    private bool TryTake(out PendingAppend append)
    {
        lock (_gate)
        {
            while (_pending.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            return _pending.TryDequeue(out append!);
        }
    }

    private Offset Append(IReadOnlyList<IMetadataRecord> records)
    {
        if (_failure is { } failure)
        {
            throw new IOException($"The metadata log failed before: {failure.Message}", failure);
        }

        var nowMs = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        _builder.Clear();
        foreach (var record in records)
        {
            _builder.Append(record, nowMs);
        }

        var batch = _builder.Build();
        var outcome = _log.AppendAsLeader(batch, Epoch, AppendOrigin.Coordinator);
        if (outcome.Error != ErrorCode.None)
        {
            throw Failed(new IOException($"A metadata change was not written: {outcome.Error} {outcome.Message}"), isFinal: _log.IsOffline);
        }

        try
        {
            // One sync per batch: so only the last batch of the log can ever be torn, which recovery relies on.
            _log.Flush();
        }
        catch (IOException e)
        {
            throw Failed(e, isFinal: true);
        }

        _log.AdvanceHighWatermark(_log.LogEndOffset);
        _listener.Apply(outcome.LastOffset, records);
        _store.Appended(batch.Length, Epoch, nowMs);
        return outcome.LastOffset;
    }

    private IOException Failed(IOException failure, bool isFinal)
    {
        if (isFinal)
        {
            ControllerEvents.LogFailed(_options.Logger, failure);
            Volatile.Write(ref _failure, failure);
            _options.Failed?.Invoke(failure);
        }

        return failure;
    }

    private void Close()
    {
        // Every acknowledged change was synced when it was made.
        _store.Close();
        _builder.Dispose();
        _ended.SetResult();
    }

    private sealed class PendingAppend(IReadOnlyList<IMetadataRecord> records)
    {
        public IReadOnlyList<IMetadataRecord> Records { get; } = records;

        public TaskCompletionSource<Offset> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
