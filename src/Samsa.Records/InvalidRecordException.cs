using Samsa.Model;

namespace Samsa.Records;

/// <summary>Records that are not what the format says: the one exception that reading a batch throws.</summary>
/// <param name="errorCode">What a client is told.</param>
/// <param name="message">What is wrong, for people.</param>
/// <param name="innerException">The codec's own complaint, where there is one.</param>
public sealed class InvalidRecordException(ErrorCode errorCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>INVALID_RECORD, CORRUPT_MESSAGE, MESSAGE_TOO_LARGE or UNSUPPORTED_COMPRESSION_TYPE.</summary>
    public ErrorCode ErrorCode { get; } = errorCode;
}
