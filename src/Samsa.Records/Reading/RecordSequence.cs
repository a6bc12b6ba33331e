namespace Samsa.Records;

/// <summary>The records of one batch, to be walked with <c>foreach</c>; each walk opens a <see cref="RecordReader"/> of its own.</summary>
public readonly ref struct RecordSequence
{
    private readonly ReadOnlyMemory<byte> _batch;
    private readonly int _maxDecompressedBytes;

    internal RecordSequence(ReadOnlyMemory<byte> batch, int maxDecompressedBytes)
    {
        _batch = batch;
        _maxDecompressedBytes = maxDecompressedBytes;
    }

    /// <summary>Opens the batch.</summary>
    /// <exception cref="InvalidRecordException">The batch is malformed.</exception>
    public RecordReader GetEnumerator() => new(_batch, _maxDecompressedBytes);
}
