using Samsa.Model;

namespace Samsa.Storage;

/// <summary>A producer that a log remembers.</summary>
/// <param name="Producer">Its id.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LastSequence">The sequence number of its last record; -1 where none is known.</param>
/// <param name="TimestampMs">The time of its last batch or transaction marker, in ms since 1970.</param>
/// <param name="CoordinatorEpoch">The epoch of the coordinator that ended its last transaction; -1 where none ended.</param>
/// <param name="TransactionStart">Where its open transaction began; <see cref="Offset.None"/> where none is open.</param>
public readonly record struct ActiveProducer(
    ProducerId Producer, short Epoch, int LastSequence, long TimestampMs, int CoordinatorEpoch, Offset TransactionStart);
