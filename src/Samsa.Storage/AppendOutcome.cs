using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What an append came to.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/>, or why nothing was written.</param>
/// <param name="Message">The reason in words; null on success.</param>
/// <param name="FirstOffset">The first record's offset; <see cref="Offset.None"/> on error.</param>
/// <param name="LastOffset">The last record's offset; <see cref="Offset.None"/> on error.</param>
/// <param name="LogAppendTimeMs">The time given to all records where the topic uses LogAppendTime, or a duplicate's latest record time; -1 otherwise.</param>
/// <param name="IsDuplicate">The batch had been written before; the offsets are those of then.</param>
/// <param name="RecordErrors">The records refused, by index in the batch; null when not known one by one.</param>
public readonly record struct AppendOutcome(
    ErrorCode Error,
    string? Message,
    Offset FirstOffset,
    Offset LastOffset,
    long LogAppendTimeMs,
    bool IsDuplicate,
    (int Index, string? Message)[]? RecordErrors)
{
    /// <summary>An append that wrote nothing.</summary>
    public static AppendOutcome Failed(ErrorCode error, string? message, (int Index, string? Message)[]? recordErrors = null) =>
        new(error, message, Offset.None, Offset.None, -1, IsDuplicate: false, recordErrors);
}

/// <summary>Who appends to a log; decides which checks apply.</summary>
public enum AppendOrigin
{
    /// <summary>A producer: all checks.</summary>
    Client,

    /// <summary>A coordinator of this broker: control batches and several batches are allowed, sequences are not checked.</summary>
    Coordinator,

    /// <summary>The leader's records, on a follower: taken as they are.</summary>
    Replication,
}
