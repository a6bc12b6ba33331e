namespace Samsa.Records;

/// <summary>A codec's decompression of one batch, a piece at a time, so that what it yields can be bounded. Reusable.</summary>
internal interface IRecordDecoder
{
    /// <summary>Starts on the compressed records of a batch.</summary>
    /// <exception cref="InvalidRecordException">CORRUPT_MESSAGE: this is not the codec's format.</exception>
    void Open(ReadOnlyMemory<byte> compressed);

    /// <summary>Decompresses into the destination, which is not empty; returns how many bytes, 0 at the end.</summary>
    /// <exception cref="InvalidRecordException">CORRUPT_MESSAGE: the compressed data is damaged.</exception>
    int Read(Span<byte> destination);

    /// <summary>Lets go of the batch and of large buffers.</summary>
    void Close();
}
