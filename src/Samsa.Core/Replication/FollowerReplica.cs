using Samsa.Model;

namespace Samsa.Core.Replication;

/// <summary>
/// What a follower does with its leader's answers, so that its log becomes the leader's: it asks with the epoch of its last
/// record, and where the leader's history is another, cuts back to where the two part (KIP-101, KIP-279, KIP-320, KIP-595).
/// </summary>
/// <param name="leader">The leader; none where the partition has none.</param>
/// <param name="epoch">The leader's epoch.</param>
public sealed class FollowerReplica(BrokerId leader, LeaderEpoch epoch)
{
    /// <summary>The leader; none where the partition has none.</summary>
    public BrokerId Leader => leader;

    /// <summary>The leader's epoch; every fetch carries it.</summary>
    public LeaderEpoch Epoch => epoch;

    /// <summary>The leader's high watermark as last told; none before. How far the follower is behind what is committed.</summary>
    public Offset LeaderHighWatermark { get; private set; } = Offset.None;

    /// <summary>
    /// Where the log ends for the first fetch: a log that holds records but knows no epoch cannot find out where it
    /// diverges, so that only what is committed counts.
    /// </summary>
    public static Offset Begin(in FollowerLog log) =>
        log.End > log.Start && !log.LastEpoch.IsKnown ? Offset.Max(log.Start, log.HighWatermark) : log.End;

    /// <summary>Decides what an answer to a fetch asks for.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="asked">What was asked: the offset that was fetched from, and the epoch of the record before it.</param>
    /// <param name="log">The log now.</param>
    /// <param name="endOffsetFor">The follower's own largest epoch not above a given one, and where it ends; none, none where there is no such.</param>
    public FollowerStep OnAnswer(
        in LeaderAnswer answer, (Offset From, LeaderEpoch LastEpoch) asked, in FollowerLog log, Func<LeaderEpoch, (LeaderEpoch Epoch, Offset EndOffset)> endOffsetFor)
    {
        // An offset alone does not tell: the log may have been cut and have grown to where it ended before.
        if (asked != (log.End, log.LastEpoch))
        {
            return new(FollowerAction.Ignore, log.End);
        }

        switch (answer.Error)
        {
            case ErrorCode.None when answer.Diverging.Epoch.IsKnown:
                return new(FollowerAction.TruncateTo, Cut(answer.Diverging, log, endOffsetFor(answer.Diverging.Epoch)));
            case ErrorCode.None:
                LeaderHighWatermark = answer.HighWatermark;
                return new(FollowerAction.Append, log.End);
            case ErrorCode.OffsetOutOfRange when answer.LogStartOffset > log.End:
                return new(FollowerAction.StartAt, answer.LogStartOffset);
            case ErrorCode.OffsetOutOfRange when answer.HighWatermark.IsPosition && answer.HighWatermark < log.End:
                // The leader's log ends before this one begins to tell epochs: it lost records. What it holds counts.
                return answer.HighWatermark >= log.Start
                    ? new(FollowerAction.TruncateTo, answer.HighWatermark)
                    : new(FollowerAction.StartAt, answer.LogStartOffset);
            default:
                // The metadata is about to change, here or there, or the leader's disk failed: another try costs little.
                return new(FollowerAction.Pause, log.End);
        }
    }

    // Both know the epoch: the shorter of the two ends. Else the follower's end of the next lower one, and it asks again.
    private static Offset Cut((LeaderEpoch Epoch, Offset EndOffset) leader, in FollowerLog log, (LeaderEpoch Epoch, Offset EndOffset) own)
    {
        var to = !own.Epoch.IsKnown ? leader.EndOffset
            : own.Epoch == leader.Epoch ? Offset.Min(own.EndOffset, leader.EndOffset)
            : own.EndOffset;
        return Offset.Min(to, log.End);
    }
}

/// <summary>A follower's log, as far as a decision needs it.</summary>
/// <param name="Start">Its first offset.</param>
/// <param name="End">Where it ends.</param>
/// <param name="HighWatermark">Up to where it is known to be committed.</param>
/// <param name="LastEpoch">The epoch of its last record; none where it is empty or knows no epochs.</param>
public readonly record struct FollowerLog(Offset Start, Offset End, Offset HighWatermark, LeaderEpoch LastEpoch);

/// <summary>What a leader answers about one partition, without the records.</summary>
/// <param name="Error">The error, or none.</param>
/// <param name="HighWatermark">The leader's high watermark.</param>
/// <param name="LogStartOffset">The leader's first offset.</param>
/// <param name="Diverging">The leader's largest epoch not above the follower's last, and its end, where the histories part; else none.</param>
public readonly record struct LeaderAnswer(
    ErrorCode Error, Offset HighWatermark, Offset LogStartOffset, (LeaderEpoch Epoch, Offset EndOffset) Diverging);

/// <summary>What a follower has to do.</summary>
/// <param name="Action">What.</param>
/// <param name="To">Where the log ends then, before anything is appended.</param>
public readonly record struct FollowerStep(FollowerAction Action, Offset To);

/// <summary>What a follower may have to do after an answer.</summary>
public enum FollowerAction
{
    /// <summary>Append the records, if any, and take over the leader's offsets.</summary>
    Append,

    /// <summary>Cut the log back, and fetch again.</summary>
    TruncateTo,

    /// <summary>Drop the whole log and begin where the leader's begins.</summary>
    StartAt,

    /// <summary>Fetch again after a pause.</summary>
    Pause,

    /// <summary>Nothing: the answer is to a question of the past.</summary>
    Ignore,
}
