using Samsa.Protocol;

namespace Samsa.Core.Groups;

/// <summary>
/// What one call of a <see cref="GroupShard"/> came to: records to append as one atomic batch, and answers that leave
/// once they are committed. Answers may belong to requests that were parked earlier, for example joins.
/// </summary>
public sealed class GroupEffects
{
    private readonly List<GroupRecord> _records = [];
    private readonly List<GroupReply> _replies = [];

    /// <summary>What to append, in order.</summary>
    public IReadOnlyList<GroupRecord> Records => _records;

    /// <summary>What to answer, in order.</summary>
    public IReadOnlyList<GroupReply> Replies => _replies;

    /// <summary>How many groups began to share their work anew: a generation of a classic group, an epoch of a consumer group.</summary>
    public int Rebalances { get; private set; }

    /// <summary>A group begins to share its work anew.</summary>
    public void NoteRebalance() => Rebalances++;

    /// <summary>Adds a record; a null value deletes what the key names.</summary>
    public void Append(IMessage key, IMessage? value) => _records.Add(new GroupRecord(key, value));

    /// <summary>Answers a request.</summary>
    public void Reply(long ticket, IResponse response) => _replies.Add(new GroupReply(ticket, response));
}

/// <summary>One record of <c>__consumer_offsets</c>.</summary>
/// <param name="Key">A record key of <see cref="Samsa.Protocol.Records"/>; its class gives the record type.</param>
/// <param name="Value">The value, or null for a tombstone.</param>
public readonly record struct GroupRecord(IMessage Key, IMessage? Value);

/// <summary>An answer to one request.</summary>
/// <param name="Ticket">The number the shell gave the request.</param>
/// <param name="Response">The answer.</param>
public readonly record struct GroupReply(long Ticket, IResponse Response);
