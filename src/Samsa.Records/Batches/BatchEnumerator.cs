namespace Samsa.Records;

/// <summary>Walks batches that lie back to back; looks at headers only. Use with <c>foreach</c>.</summary>
public ref struct BatchEnumerator
{
    private readonly ReadOnlyMemory<byte> _records;
    private BatchView _current;
    private int _next;

    internal BatchEnumerator(ReadOnlyMemory<byte> records) => _records = records;

    /// <summary>The batch at hand.</summary>
    public readonly BatchView Current => _current;

    /// <summary>Bytes that the batches seen so far take: where the first byte lies that is not part of a whole batch, at the end.</summary>
    public readonly int Position => _next;

    /// <summary>Itself.</summary>
    public readonly BatchEnumerator GetEnumerator() => this;

    /// <summary>Steps to the next whole batch; false where there is none.</summary>
    public bool MoveNext()
    {
        var rest = _records[_next..];
        if (!BatchHeader.TryRead(rest.Span, out var header) || header.SizeInBytes > rest.Length)
        {
            return false;
        }

        _current = new BatchView(header, _next, rest[..header.SizeInBytes]);
        _next += header.SizeInBytes;
        return true;
    }
}

/// <summary>One batch among several.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Position">Where it starts.</param>
/// <param name="Bytes">The whole batch.</param>
public readonly record struct BatchView(BatchHeader Header, int Position, ReadOnlyMemory<byte> Bytes);
