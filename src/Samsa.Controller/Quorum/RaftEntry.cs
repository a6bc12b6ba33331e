using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Samsa.Model;

namespace Samsa.Controller.Quorum;

/// <summary>What stands in one entry of the Raft log. It is never empty: the library applies no empty entries.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">For a change where its first record will stand; for a check the offset it speaks of.</param>
/// <param name="Hash">For a check, the hash of the state at that offset.</param>
/// <param name="Batch">For a change, its record batch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RaftEntry(RaftEntryKind Kind, Offset Offset, ulong Hash, ReadOnlyMemory<byte> Batch)
{
    private const int HeaderBytes = 1 + sizeof(long) + sizeof(ulong);

    /// <summary>A change of the metadata.</summary>
    public static byte[] Change(Offset first, ReadOnlySpan<byte> batch) => Write(RaftEntryKind.Change, first, 0, batch);

    /// <summary>What the leader's state was at an offset, for the others to compare with theirs; offset -1 for nothing to compare.</summary>
    public static byte[] Check(Offset at, ulong hash) => Write(RaftEntryKind.Check, at, hash, []);

    /// <summary>Asks every node for a snapshot now.</summary>
    public static byte[] Snapshot() => Write(RaftEntryKind.Snapshot, Offset.None, 0, []);

    /// <summary>Reads an entry; its batch is a copy.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RaftEntry Read(in ReadOnlySequence<byte> content)
    {
        var bytes = content.ToArray();
        if (bytes.Length < HeaderBytes || bytes[0] is 0 or > (byte)RaftEntryKind.Snapshot)
        {
            throw new InvalidDataException($"An entry of {bytes.Length} bytes in the Raft log is of no known kind");
        }

        return new RaftEntry(
            (RaftEntryKind)bytes[0],
            new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1))),
            BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1 + sizeof(long))),
            bytes.AsMemory(HeaderBytes));
    }

    private static byte[] Write(RaftEntryKind kind, Offset offset, ulong hash, ReadOnlySpan<byte> batch)
    {
        var bytes = new byte[HeaderBytes + batch.Length];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), offset.Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1 + sizeof(long)), hash);
        batch.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }
}

/// <summary>Kinds of entries.</summary>
internal enum RaftEntryKind : byte
{
    /// <summary>One change of the metadata.</summary>
    Change = 1,

    /// <summary>A comparison of states, and the entry with which a leader begins its term.</summary>
    Check = 2,

    /// <summary>A wish for a snapshot.</summary>
    Snapshot = 3,
}
