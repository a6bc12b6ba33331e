using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>What a log remembers of one idempotent or transactional producer: epoch, its last five batches, an open transaction.</summary>
internal sealed class ProducerState(ProducerId id)
{
    /// <summary>Batches remembered; a producer keeps at most as many requests in flight.</summary>
    public const int Remembered = 5;

    private Batches _batches;
    private int _first;
    private int _count;

    public ProducerId Id { get; } = id;

    public short Epoch { get; private set; } = -1;

    public int CoordinatorEpoch { get; private set; } = -1;

    /// <summary>The last batch's record time, or the last marker's.</summary>
    public long TimestampMs { get; private set; } = -1;

    /// <summary>When the broker last heard of the producer; not stored.</summary>
    public long SeenMs { get; private set; }

    /// <summary>The open transaction's first offset; <see cref="Offset.None"/> where none is open.</summary>
    public Offset TransactionStart { get; private set; } = Offset.None;

    public bool HasBatches => _count > 0;

    public RememberedBatch Last => _batches[(_first + _count - 1) % Remembered];

    /// <summary>-1 where no batch is remembered.</summary>
    public int LastSequence => _count > 0 ? Last.LastSequence : -1;

    /// <summary>The remembered batch with the same epoch and sequence numbers, if any.</summary>
    public RememberedBatch? FindDuplicate(in BatchHeader header)
    {
        if (header.ProducerEpoch != Epoch)
        {
            return null;
        }

        for (var i = 0; i < _count; i++)
        {
            var batch = _batches[(_first + i) % Remembered];
            if (batch.FirstSequence == header.BaseSequence && batch.LastSequence == header.LastSequence)
            {
                return batch;
            }
        }

        return null;
    }

    /// <summary>Takes note of a written batch.</summary>
    public void Add(in BatchHeader header, long nowMs)
    {
        MoveToEpoch(header.ProducerEpoch);
        Remember(new RememberedBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        TimestampMs = header.MaxTimestamp;
        SeenMs = nowMs;
        if (header.IsTransactional && !TransactionStart.IsPosition)
        {
            TransactionStart = header.BaseOffset;
        }
    }

    /// <summary>Takes note of a marker that ended the producer's transaction.</summary>
    public void End(in BatchHeader header, int coordinatorEpoch, long nowMs)
    {
        MoveToEpoch(header.ProducerEpoch);
        CoordinatorEpoch = coordinatorEpoch;
        TransactionStart = Offset.None;
        TimestampMs = header.MaxTimestamp;
        SeenMs = nowMs;
    }

    public ProducerSnapshotEntry ToSnapshot() => HasBatches
        ? new(Id, Epoch, Last.LastSequence, Last.LastOffset, Last.OffsetDelta, TimestampMs, CoordinatorEpoch, TransactionStart)
        : new(Id, Epoch, -1, Offset.None, 0, TimestampMs, CoordinatorEpoch, TransactionStart);

    public static ProducerState FromSnapshot(in ProducerSnapshotEntry entry, long nowMs)
    {
        var state = new ProducerState(entry.Producer)
        {
            Epoch = entry.Epoch,
            CoordinatorEpoch = entry.CoordinatorEpoch,
            TimestampMs = entry.TimestampMs,
            SeenMs = nowMs,
            TransactionStart = entry.TransactionStart,
        };
        if (entry.LastOffset.IsPosition)
        {
            state.Remember(new RememberedBatch(entry.LastSequence, entry.LastOffset, entry.OffsetDelta, entry.TimestampMs));
        }

        return state;
    }

    private void MoveToEpoch(short epoch)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            _count = 0;
        }
    }

    private void Remember(in RememberedBatch batch)
    {
        if (_count == Remembered)
        {
            _first = (_first + 1) % Remembered;
            _count--;
        }

        _batches[(_first + _count) % Remembered] = batch;
        _count++;
    }

    [InlineArray(Remembered)]
    private struct Batches
    {
        private RememberedBatch _element;
    }
}

/// <summary>A written batch of a producer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RememberedBatch(int LastSequence, Offset LastOffset, int OffsetDelta, long TimestampMs)
{
    public int FirstSequence => RecordBatch.SubtractSequence(LastSequence, OffsetDelta);

    public Offset FirstOffset => LastOffset - OffsetDelta;
}
