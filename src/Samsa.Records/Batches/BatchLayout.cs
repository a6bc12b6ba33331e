namespace Samsa.Records;

/// <summary>Where the fields of a version 2 batch lie, in bytes from its start; all are big endian.</summary>
internal static class BatchLayout
{
    internal const int BaseOffset = 0;
    internal const int BatchLength = 8;
    internal const int LeaderEpoch = 12;
    internal const int Magic = 16;
    internal const int Crc = 17;
    internal const int Attributes = 21;
    internal const int LastOffsetDelta = 23;
    internal const int BaseTimestamp = 27;
    internal const int MaxTimestamp = 35;
    internal const int ProducerId = 43;
    internal const int ProducerEpoch = 51;
    internal const int BaseSequence = 53;
    internal const int RecordCount = 57;
    internal const int Records = 61;

    /// <summary>Base offset and length: what the length field does not count. The same in every format version.</summary>
    internal const int LogOverhead = 12;

    /// <summary>The smallest length field of any format version; less is no batch at all.</summary>
    internal const int SmallestLength = 14;

    /// <summary>The format version this broker stores.</summary>
    internal const byte CurrentMagic = 2;

    /// <summary>Length, attributes, two deltas, key length, value length and header count: a byte each at least.</summary>
    internal const int SmallestRecord = 7;
}
