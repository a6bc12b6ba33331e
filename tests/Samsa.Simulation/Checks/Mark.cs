using System.Buffers.Binary;

namespace Samsa.Simulation;

/// <summary>The value of a record: who sent it, and his how manieth to that partition it was. No two records bear the same.</summary>
/// <param name="Producer">Who sent it.</param>
/// <param name="Number">From 0, per partition.</param>
internal readonly record struct Mark(int Producer, long Number)
{
    private const int Length = 12;

    /// <summary>As a record's value.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Producer);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), Number);
        return bytes;
    }

    /// <summary>Out of a record's value.</summary>
    public static Mark Read(ReadOnlySpan<byte> value) => value.Length == Length
        ? new(BinaryPrimitives.ReadInt32BigEndian(value), BinaryPrimitives.ReadInt64BigEndian(value[4..]))
        : throw new SimulationFailure("content", $"a record of {value.Length} bytes, which nobody sent");

    /// <inheritdoc/>
    public override string ToString() => $"{Producer}:{Number}";
}
