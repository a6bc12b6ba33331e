using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>
/// The producers of a log and its transactions (KIP-98). Changed only by the writer, after the write it tells of succeeded.
/// </summary>
internal sealed class ProducerStates
{
    private const long NoneOpen = long.MaxValue;

    private Dictionary<long, ProducerState>? _producers;
    private SortedSet<long>? _open;
    private List<EndedTransaction>? _undecided;
    private long _firstUndecided = NoneOpen;

    public int Count => _producers?.Count ?? 0;

    /// <summary>
    /// The first offset of the earliest transaction that is open, or whose end is not below the high watermark yet; null where there is none.
    /// Read beside the writer.
    /// </summary>
    public Offset? FirstUndecided => Volatile.Read(ref _firstUndecided) is var first && first == NoneOpen ? null : new Offset(first);

    /// <summary>Whether a producer's batch may be written.</summary>
    /// <param name="header">The batch as it came.</param>
    /// <param name="origin">Sequences count for clients only.</param>
    /// <param name="duplicate">The same batch, written before; then nothing is to be written.</param>
    /// <param name="message">Why not.</param>
    public ErrorCode Check(in BatchHeader header, AppendOrigin origin, out RememberedBatch? duplicate, out string? message)
    {
        duplicate = null;
        message = null;
        if (!header.HasProducerId || _producers is null || !_producers.TryGetValue(header.ProducerId.Value, out var producer))
        {
            return ErrorCode.None;
        }

        if (origin == AppendOrigin.Client)
        {
            duplicate = producer.FindDuplicate(header);
            if (duplicate is not null)
            {
                return ErrorCode.None;
            }
        }

        if (header.ProducerEpoch < producer.Epoch)
        {
            message = $"Producer {header.ProducerId} has epoch {producer.Epoch}; the batch came with {header.ProducerEpoch}.";
            return ErrorCode.InvalidProducerEpoch;
        }

        if (origin != AppendOrigin.Client)
        {
            return ErrorCode.None;
        }

        if (!IsInSequence(producer, header))
        {
            message = $"Producer {header.ProducerId} with epoch {header.ProducerEpoch} sent sequence {header.BaseSequence}; the last one here is {producer.LastSequence} of epoch {producer.Epoch}.";
            return ErrorCode.OutOfOrderSequenceNumber;
        }

        if (producer.TransactionStart.IsPosition && !header.IsTransactional)
        {
            message = $"Producer {header.ProducerId} has a transaction open here; the batch is not part of one.";
            return ErrorCode.InvalidTxnState;
        }

        return ErrorCode.None;
    }

    /// <summary>Takes note of a data batch or transaction marker that is in the log.</summary>
    /// <param name="batch">The whole batch, with its final offsets; only a control batch's is looked at.</param>
    /// <param name="header">Its header.</param>
    /// <param name="nowMs">The time now.</param>
    /// <param name="aborted">The transaction that the batch aborted, for the transaction index.</param>
    /// <returns>Whether it aborted one.</returns>
    public bool Apply(ReadOnlyMemory<byte> batch, in BatchHeader header, long nowMs, out AbortedTransaction aborted)
    {
        aborted = default;
        if (!header.HasProducerId || (header.IsControl && !header.IsTransactional))
        {
            return false;
        }

        if (!header.IsControl)
        {
            var producer = GetOrAdd(header.ProducerId);
            var wasOpen = producer.TransactionStart.IsPosition;
            producer.Add(header, nowMs);
            if (!wasOpen && producer.TransactionStart.IsPosition)
            {
                _ = (_open ??= []).Add(producer.TransactionStart.Value);
                UpdateFirstUndecided();
            }

            return false;
        }

        return TryReadMarker(batch, out var marker) && End(header, marker, nowMs, out aborted);
    }

    /// <summary>The high watermark rose: transactions that ended below it are decided.</summary>
    public void OnHighWatermark(Offset highWatermark)
    {
        if (_undecided is { Count: > 0 } && _undecided.RemoveAll(ended => ended.Last < highWatermark) > 0)
        {
            UpdateFirstUndecided();
        }
    }

    /// <summary>Whether there are ended transactions that wait for the high watermark.</summary>
    public bool HasUndecidedEnds => _undecided is { Count: > 0 };

    /// <summary>Forgets producers not heard of for so long, unless a transaction of theirs is open.</summary>
    public int RemoveExpired(long nowMs, long expirationMs)
    {
        var removed = 0;
        if (_producers is not null)
        {
            foreach (var (id, producer) in _producers)
            {
                if (!producer.TransactionStart.IsPosition && nowMs - producer.SeenMs >= expirationMs && _producers.Remove(id))
                {
                    removed++;
                }
            }
        }

        return removed;
    }

    public void Clear()
    {
        _producers = null;
        _open = null;
        _undecided = null;
        UpdateFirstUndecided();
    }

    /// <summary>All producers, by id, as they go into a snapshot.</summary>
    public ProducerSnapshotEntry[] ToSnapshot() =>
        _producers is null ? [] : [.. _producers.Values.Select(producer => producer.ToSnapshot()).OrderBy(entry => entry.Producer.Value)];

    public void Restore(ReadOnlySpan<ProducerSnapshotEntry> entries, long nowMs)
    {
        Clear();
        foreach (var entry in entries)
        {
            _producers ??= [];
            _producers[entry.Producer.Value] = ProducerState.FromSnapshot(entry, nowMs);
            if (entry.TransactionStart.IsPosition)
            {
                _ = (_open ??= []).Add(entry.TransactionStart.Value);
            }
        }

        UpdateFirstUndecided();
    }

    private static bool IsInSequence(ProducerState producer, in BatchHeader header)
    {
        if (header.ProducerEpoch != producer.Epoch)
        {
            return header.BaseSequence == 0 || producer.Epoch == -1;
        }

        // Of a producer known only by a marker there is no sequence: it begins anew at 0.
        return header.BaseSequence == (producer.LastSequence == -1 ? 0 : RecordBatch.AddSequence(producer.LastSequence, 1));
    }

    private static bool TryReadMarker(ReadOnlyMemory<byte> batch, out EndTxnMarker marker)
    {
        marker = default;
        try
        {
            foreach (var record in RecordBatch.Records(batch, batch.Length))
            {
                return EndTxnMarker.TryRead(record, out marker);
            }
        }
        catch (InvalidRecordException)
        {
            // A control batch that cannot be read ends no transaction.
        }

        return false;
    }

    private bool End(in BatchHeader header, EndTxnMarker marker, long nowMs, out AbortedTransaction aborted)
    {
        aborted = default;
        var producer = GetOrAdd(header.ProducerId);
        var start = producer.TransactionStart;
        producer.End(header, marker.CoordinatorEpoch, nowMs);
        if (!start.IsPosition)
        {
            return false;
        }

        _ = _open?.Remove(start.Value);
        (_undecided ??= []).Add(new EndedTransaction(start, header.BaseOffset));
        UpdateFirstUndecided();
        if (marker.IsCommit)
        {
            return false;
        }

        var stable = _open is { Count: > 0 } ? new Offset(Math.Min(_open.Min, header.NextOffset.Value)) : header.NextOffset;
        aborted = new AbortedTransaction(header.ProducerId, start, header.BaseOffset, stable);
        return true;
    }

    private ProducerState GetOrAdd(ProducerId id)
    {
        _producers ??= [];
        if (!_producers.TryGetValue(id.Value, out var producer))
        {
            _producers[id.Value] = producer = new ProducerState(id);
        }

        return producer;
    }

    private void UpdateFirstUndecided()
    {
        var first = _open is { Count: > 0 } ? _open.Min : NoneOpen;
        if (_undecided is not null)
        {
            foreach (var ended in _undecided)
            {
                first = Math.Min(first, ended.First.Value);
            }
        }

        Volatile.Write(ref _firstUndecided, first);
    }

    private readonly record struct EndedTransaction(Offset First, Offset Last);
}
