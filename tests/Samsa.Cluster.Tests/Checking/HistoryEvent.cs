namespace Samsa.Cluster.Tests.Checking;

/// <summary>Something a client did or was told, in the order in which it happened.</summary>
public abstract record HistoryEvent;

/// <summary>A record was handed to its producer.</summary>
public sealed record Sent(RecordId Record) : HistoryEvent;

/// <summary>The cluster took it; the offset is -1 where the producer was not told (a repeat that was recognised).</summary>
public sealed record Acknowledged(RecordId Record, long Offset) : HistoryEvent;

/// <summary>The producer knows that it was not written.</summary>
public sealed record Failed(RecordId Record, string Reason) : HistoryEvent;

/// <summary>The producer gave up without knowing whether it was written.</summary>
public sealed record Unknown(RecordId Record, string Reason) : HistoryEvent;

/// <summary>A consumer got a partition, and begins where the group had committed.</summary>
public sealed record Assigned(string Consumer, int Partition) : HistoryEvent;

/// <summary>A consumer gave a partition away, or lost it.</summary>
public sealed record Revoked(string Consumer, int Partition) : HistoryEvent;

/// <summary>A consumer was given a record.</summary>
public sealed record Polled(string Consumer, int Partition, Seen Seen) : HistoryEvent;

/// <summary>A consumer was told that its group continues at this offset from now on.</summary>
public sealed record Committed(string Consumer, int Partition, long Offset) : HistoryEvent;

/// <summary>Somebody asked where the group continues; everything committed before the question counts.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Asked">How many events there were when the question was sent.</param>
/// <param name="Offset">The answer; -1 for nothing committed.</param>
public sealed record CommittedRead(int Partition, int Asked, long Offset) : HistoryEvent;
