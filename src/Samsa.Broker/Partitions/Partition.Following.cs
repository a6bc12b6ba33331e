using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Partitions;

/// <content>What it does as a follower.</content>
internal sealed partial class Partition
{
    /// <summary>From where to fetch: where the log ends, in the epoch of its last record.</summary>
    /// <returns>False where there is no log to append to.</returns>
    public bool TryFetchPosition(out FollowerLog position)
    {
        if (_log is null || _log.IsOffline)
        {
            position = default;
            return false;
        }

        position = LogOf(_log);
        return true;
    }

    /// <summary>A leader answered: cuts or appends as <see cref="FollowerReplica"/> decides.</summary>
    /// <param name="role">In which role it was asked; where the role has changed since, nothing is done.</param>
    /// <param name="asked">The offset that was fetched from, and the epoch of the record before it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="records">Its records.</param>
    /// <returns>What was done; <see cref="ErrorCode"/> tells why the partition should rest a while.</returns>
    public (FollowerAction Action, ErrorCode Error) OnLeaderAnswer(
        FollowerReplica role, (Offset From, LeaderEpoch LastEpoch) asked, in LeaderAnswer answer, ReadOnlyMemory<byte> records)
    {
        var wakes = default(Wakes);
        FollowerStep step;
        var error = answer.Error;
        lock (_gate)
        {
            if (_follower != role || _log is null || _log.IsOffline)
            {
                return (FollowerAction.Ignore, ErrorCode.None);
            }

            step = role.OnAnswer(answer, asked, LogOf(_log), _log.EndOffsetFor);
            switch (step.Action)
            {
                case FollowerAction.TruncateTo:
                    error = Cut(_log, step.To);
                    break;
                case FollowerAction.StartAt:
                    error = StartAt(_log, step.To);
                    break;
                case FollowerAction.Append:
                    error = AppendFromLeader(_log, records, ref wakes);
                    TakeOver(_log, answer, error, ref wakes);
                    break;
            }
        }

        wakes.Run();
        return (step.Action, error);
    }

    private ErrorCode AppendFromLeader(PartitionLog log, ReadOnlyMemory<byte> records, ref Wakes wakes)
    {
        if (records.IsEmpty)
        {
            return ErrorCode.None;
        }

        var error = log.AppendAsFollower(records);
        if (error == ErrorCode.None)
        {
            _waits.OnAppended(records.Length, ref wakes);
            _services.Counts.Received(records.Length);
        }

        return error;
    }

    private static FollowerLog LogOf(PartitionLog log)
    {
        var end = log.LogEndOffset;
        return new FollowerLog(log.LogStartOffset, end, log.HighWatermark, end > log.LogStartOffset ? log.EpochAt(end - 1) : LeaderEpoch.None);
    }

    private ErrorCode Cut(PartitionLog log, Offset to)
    {
        var (end, highWatermark) = (log.LogEndOffset, log.HighWatermark);
        var error = Change(() => log.TruncateTo(to));
        if (error == ErrorCode.None && to < highWatermark)
        {
            ReplicationLog.CutCommitted(_services.Logger, Name, end, to, highWatermark);
        }
        else if (error == ErrorCode.None && to < end)
        {
            ReplicationLog.CutBack(_services.Logger, Name, end, to);
        }

        return error;
    }

    private ErrorCode StartAt(PartitionLog log, Offset to)
    {
        ReplicationLog.BeginsAnew(_services.Logger, Name, log.LogEndOffset, to);
        return Change(() => log.TruncateFullyAndStartAt(to));
    }

    private ErrorCode Change(Action change)
    {
        try
        {
            change();
            Publish(Log.HighWatermark);
            return ErrorCode.None;
        }
        catch (IOException e)
        {
            ReplicationLog.CannotChangeRole(_services.Logger, Name, e.Message);
            return ErrorCode.KafkaStorageError;
        }
    }

    private void TakeOver(PartitionLog log, in LeaderAnswer answer, ErrorCode appended, ref Wakes wakes)
    {
        if (appended != ErrorCode.None)
        {
            return;
        }

        var before = log.HighWatermark;
        log.AdvanceHighWatermark(answer.HighWatermark);
        log.AdvanceLogStartOffset(answer.LogStartOffset);
        if (log.HighWatermark > before)
        {
            Publish(log.HighWatermark);
            _waits.OnCommitted(log.HighWatermark, ref wakes);
        }
    }
}
