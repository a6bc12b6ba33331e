using Samsa.Model;

namespace Samsa.Records;

/// <summary>What the leader's check found: an error for the client, or what the append needs to know.</summary>
public readonly record struct BatchValidation
{
    /// <summary>None where the batches may be appended.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>What is wrong, for the client's logs.</summary>
    public string? Message { get; init; }

    /// <summary>The records to blame, by their index in the batch (KIP-467); null where the batch as a whole is.</summary>
    public (int BatchIndex, string? Message)[]? RecordErrors { get; init; }

    /// <summary>Bytes from the start that whole batches take: append these and leave what follows.</summary>
    public int ValidBytes { get; init; }

    /// <summary>How many batches there are.</summary>
    public int BatchCount { get; init; }

    /// <summary>The first batch's header, as it is after the check.</summary>
    public BatchHeader First { get; init; }

    /// <summary>The last batch's header, as it is after the check.</summary>
    public BatchHeader Last { get; init; }

    /// <summary>How many records the batches hold.</summary>
    public int RecordCount { get; init; }

    /// <summary>The largest timestamp in ms; the append time where the leader's clock stamps.</summary>
    public long MaxTimestamp { get; init; }

    /// <summary>Which batch, from 0, holds the largest timestamp; the first such.</summary>
    public int BatchOfMaxTimestamp { get; init; }

    /// <summary>The append time in ms where the leader's clock stamps; else -1.</summary>
    public long LogAppendTimeMs { get; init; }

    /// <summary>Whether <see cref="BatchRecompressor"/> must rewrite the batches: another codec, or offsets that are not consecutive.</summary>
    public bool NeedsRewrite { get; init; }

    /// <summary>Whether the batches may be appended.</summary>
    public bool IsValid => Error == ErrorCode.None;

    internal static BatchValidation Refused(
        ErrorCode error, string message, (int BatchIndex, string? Message)[]? recordErrors = null) =>
        new() { Error = error, Message = message, RecordErrors = recordErrors, LogAppendTimeMs = -1, MaxTimestamp = -1 };
}
