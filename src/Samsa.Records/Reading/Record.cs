using Samsa.Model;

namespace Samsa.Records;

/// <summary>One record of a batch: a view into the batch's bytes, valid until its reader steps on or is disposed of.</summary>
public readonly ref struct Record
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly RecordLayout _layout;

    internal Record(Offset offset, long timestamp, ReadOnlyMemory<byte> memory, ReadOnlySpan<byte> bytes, scoped in RecordLayout layout)
    {
        Offset = offset;
        Timestamp = timestamp;
        _memory = memory;
        _bytes = bytes;
        _layout = layout;
    }

    /// <summary>The record's position: the batch's base offset and the record's delta.</summary>
    public Offset Offset { get; }

    /// <summary>In ms since the epoch; the batch's append time under <see cref="TimestampType.LogAppendTime"/>.</summary>
    public long Timestamp { get; }

    /// <summary>Whether there is a key; an empty key is one.</summary>
    public bool HasKey => _layout.KeyLength >= 0;

    /// <summary>The key; empty where there is none.</summary>
    public ReadOnlySpan<byte> Key => HasKey ? _bytes.Slice(_layout.Key, _layout.KeyLength) : default;

    /// <summary>The key; null where there is none.</summary>
    public ReadOnlyMemory<byte>? KeyMemory => HasKey ? _memory.Slice(_layout.Key, _layout.KeyLength) : null;

    /// <summary>Whether there is a value; a record without one is a tombstone to the cleaner.</summary>
    public bool HasValue => _layout.ValueLength >= 0;

    /// <summary>The value; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value => HasValue ? _bytes.Slice(_layout.Value, _layout.ValueLength) : default;

    /// <summary>The value; null where there is none.</summary>
    public ReadOnlyMemory<byte>? ValueMemory => HasValue ? _memory.Slice(_layout.Value, _layout.ValueLength) : null;

    /// <summary>The headers (KIP-82); in order, keys may repeat.</summary>
    public RecordHeaders Headers => new(_bytes[_layout.Headers.._layout.End], _layout.HeaderCount);

    /// <summary>Key, value and headers as they are in the batch.</summary>
    internal ReadOnlySpan<byte> Content => _bytes[_layout.Content.._layout.End];
}
