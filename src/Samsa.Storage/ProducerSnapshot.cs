using System.Buffers.Binary;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>The <c>.snapshot</c> files: the state of all producers at an offset, with a checksum.</summary>
internal static class ProducerSnapshot
{
    public const int EntrySize = 46;
    private const short Version = 1;
    private const int CrcPosition = 2;
    private const int ChecksummedFrom = 6;
    private const int HeaderSize = 10;

    public static byte[] Encode(IReadOnlyList<ProducerSnapshotEntry> entries)
    {
        var bytes = new byte[HeaderSize + (entries.Count * EntrySize)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(ChecksummedFrom), entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var to = bytes.AsSpan(HeaderSize + (i * EntrySize));
            BinaryPrimitives.WriteInt64BigEndian(to, entry.Producer.Value);
            BinaryPrimitives.WriteInt16BigEndian(to[8..], entry.Epoch);
            BinaryPrimitives.WriteInt32BigEndian(to[10..], entry.LastSequence);
            BinaryPrimitives.WriteInt64BigEndian(to[14..], entry.LastOffset.Value);
            BinaryPrimitives.WriteInt32BigEndian(to[22..], entry.OffsetDelta);
            BinaryPrimitives.WriteInt64BigEndian(to[26..], entry.TimestampMs);
            BinaryPrimitives.WriteInt32BigEndian(to[34..], entry.CoordinatorEpoch);
            BinaryPrimitives.WriteInt64BigEndian(to[38..], entry.TransactionStart.Value);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcPosition), Crc32C.Compute(bytes.AsSpan(ChecksummedFrom)));
        return bytes;
    }

    /// <summary>Parses a snapshot; null where length, version or checksum are wrong.</summary>
    public static ProducerSnapshotEntry[]? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize
            || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcPosition..]) != Crc32C.Compute(bytes[ChecksummedFrom..]))
        {
            return null;
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[ChecksummedFrom..]);
        if (count != (bytes.Length - HeaderSize) / EntrySize || (bytes.Length - HeaderSize) % EntrySize != 0)
        {
            return null;
        }

        var entries = new ProducerSnapshotEntry[count];
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.Slice(HeaderSize + (i * EntrySize), EntrySize);
            entries[i] = new ProducerSnapshotEntry(
                new ProducerId(BinaryPrimitives.ReadInt64BigEndian(entry)),
                BinaryPrimitives.ReadInt16BigEndian(entry[8..]),
                BinaryPrimitives.ReadInt32BigEndian(entry[10..]),
                new Offset(BinaryPrimitives.ReadInt64BigEndian(entry[14..])),
                BinaryPrimitives.ReadInt32BigEndian(entry[22..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[26..]),
                BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
                new Offset(BinaryPrimitives.ReadInt64BigEndian(entry[38..])));
        }

        return entries;
    }
}

/// <summary>One producer in a snapshot file; of its batches only the last is kept.</summary>
internal readonly record struct ProducerSnapshotEntry(
    ProducerId Producer,
    short Epoch,
    int LastSequence,
    Offset LastOffset,
    int OffsetDelta,
    long TimestampMs,
    int CoordinatorEpoch,
    Offset TransactionStart);
