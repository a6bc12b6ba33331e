namespace Samsa.Records;

/// <summary>Whose clock a record's timestamp comes from (<c>message.timestamp.type</c>).</summary>
public enum TimestampType
{
    /// <summary>The producer's.</summary>
    CreateTime,

    /// <summary>The leader's, when it appended the batch; one for the whole batch.</summary>
    LogAppendTime,
}
