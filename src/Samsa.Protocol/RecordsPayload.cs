namespace Samsa.Protocol;

/// <summary>
/// A field of wire type <c>records</c>: null, a slice of the frame it was read from, or a source to copy from when written.
/// The codec itself never copies record bytes. The default is null.
/// </summary>
public readonly struct RecordsPayload
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly IRecordsSource? _source;
    private readonly bool _present;

    /// <summary>Records that lie in memory.</summary>
    public RecordsPayload(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _present = true;
    }

    /// <summary>Records to be copied from a source when the message is written.</summary>
    public RecordsPayload(IRecordsSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _present = true;
    }

    /// <summary>No records at all, which is not the same on the wire as zero bytes of records.</summary>
    public static RecordsPayload Null => default;

    /// <summary>Zero bytes of records.</summary>
    public static RecordsPayload Empty => new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether there are no records at all.</summary>
    public bool IsNull => !_present;

    /// <summary>How many bytes there are; zero for null.</summary>
    public int Length => _source?.Length ?? _memory.Length;

    /// <summary>The source to copy from; null where the records lie in memory, or are null.</summary>
    public IRecordsSource? Source => _source;

    /// <summary>The bytes; empty for null.</summary>
    /// <exception cref="InvalidOperationException">The records lie in a source.</exception>
    public ReadOnlyMemory<byte> Memory =>
        _source is null ? _memory : throw new InvalidOperationException("These records lie in a source; only CopyTo reads them");

    /// <summary>Copies all bytes to a destination of exactly <see cref="Length"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        if (_source is null)
        {
            _memory.Span.CopyTo(destination);
        }
        else
        {
            _source.CopyTo(destination);
        }
    }
}
