using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What a read came to.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/>, <see cref="ErrorCode.OffsetOutOfRange"/> or <see cref="ErrorCode.KafkaStorageError"/>.</param>
/// <param name="Slice">The batches; null when there are none. The caller disposes it.</param>
/// <param name="NextOffset">The offset to read from after this slice; the requested one where nothing was read.</param>
public readonly record struct ReadOutcome(ErrorCode Error, LogSlice? Slice, Offset NextOffset);

/// <summary>A record found by its time.</summary>
/// <param name="Found">Whether there is one.</param>
/// <param name="Offset">Its offset; <see cref="Offset.None"/> where there is none.</param>
/// <param name="TimestampMs">Its time; -1 where there is none.</param>
/// <param name="Epoch">The epoch of the leader that took it.</param>
public readonly record struct TimestampLookup(bool Found, Offset Offset, long TimestampMs, LeaderEpoch Epoch)
{
    /// <summary>No such record.</summary>
    public static TimestampLookup None => new(Found: false, Offset.None, -1, LeaderEpoch.None);
}

/// <summary>A transaction that was aborted: its records are to be skipped by read_committed consumers.</summary>
/// <param name="Producer">The producer's id.</param>
/// <param name="FirstOffset">The transaction's first record in this partition.</param>
/// <param name="LastOffset">The offset of its ABORT marker.</param>
/// <param name="LastStableOffset">The last stable offset once this transaction had ended.</param>
public readonly record struct AbortedTransaction(ProducerId Producer, Offset FirstOffset, Offset LastOffset, Offset LastStableOffset);
