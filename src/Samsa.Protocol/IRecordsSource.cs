namespace Samsa.Protocol;

/// <summary>Record batches kept elsewhere, such as a piece of a log file, that are copied straight into a response frame.</summary>
public interface IRecordsSource
{
    /// <summary>How many bytes there are.</summary>
    int Length { get; }

    /// <summary>Copies all bytes; the destination is exactly <see cref="Length"/> long.</summary>
    void CopyTo(Span<byte> destination);
}
