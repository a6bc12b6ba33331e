using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <content>Records are deleted here, and then on every replica.</content>
internal sealed partial class Partition
{
    /// <summary>Before this offset no replica that is alive has any records (KIP-107); none where this broker does not lead, or does not know.</summary>
    public Offset LowWatermark
    {
        get
        {
            lock (_gate)
            {
                return _leader is { } leader && !IsOffline ? LowWatermarkOf(leader) : Offset.None;
            }
        }
    }

    /// <summary>Deletes the records before an offset, or with <see cref="Offset.None"/> all that are committed (KIP-107).</summary>
    /// <param name="before">The first offset to stay.</param>
    /// <param name="timeout">How long to wait for the followers.</param>
    /// <returns>Completes when every replica that is alive has deleted them; or why it was refused, or is not known to be done.</returns>
    public ValueTask<ErrorCode> DeleteRecords(Offset before, TimeSpan timeout)
    {
        if (IsOffline)
        {
            return new(ErrorCode.KafkaStorageError);
        }

        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return new(ErrorCode.NotLeaderOrFollower);
            }

            // A compacted log is a table: records leave it by tombstones only.
            if (Log.Config is { CleanupCompact: true, CleanupDelete: false })
            {
                return new(ErrorCode.PolicyViolation);
            }

            before = before == Offset.None ? leader.HighWatermark : before;
            if (!before.IsPosition || before > leader.HighWatermark)
            {
                return new(ErrorCode.OffsetOutOfRange);
            }

            Log.AdvanceLogStartOffset(before);
            if (LowWatermarkOf(leader) >= before)
            {
                return new(ErrorCode.None);
            }

            var wait = new CommitWait(before, timeout, _services.Time);
            _waits.AddDeletion(wait);
            return new(wait.Completion);
        }
    }

    private Offset LowWatermarkOf(LeaderReplica leader) => leader.LowWatermark(Log.LogStartOffset, _services.IsAlive);

    private void AfterLowWatermark(LeaderReplica leader, ref Wakes wakes)
    {
        if (_waits.HasDeletions)
        {
            _waits.OnLowWatermark(LowWatermarkOf(leader), ref wakes);
        }
    }
}
