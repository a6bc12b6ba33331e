namespace Samsa.Cluster.Tests.Checking;

/// <summary>What a group's members were given: forward only, without holes, and everything in the end.</summary>
internal sealed class PollChecks(IReadOnlyList<HistoryEvent> history, IReadOnlyList<Seen>[] log, List<Anomaly> anomalies)
{
    /// <summary>While a member holds a partition, each record it is given is the next one of the log.</summary>
    public void CheckPositions()
    {
        long[][] offsets = [.. log.Select(p => p.Select(s => s.Offset).ToArray())];
        var positions = new Dictionary<(string Consumer, int Partition), long>();
        foreach (HistoryEvent happened in history)
        {
            switch (happened)
            {
                case Assigned assigned:
                    positions.Remove((assigned.Consumer, assigned.Partition));
                    break;
                case Revoked revoked:
                    positions.Remove((revoked.Consumer, revoked.Partition));
                    break;
                case Polled poll:
                    if (positions.TryGetValue((poll.Consumer, poll.Partition), out long before))
                    {
                        Compare(poll, before, offsets[poll.Partition]);
                    }

                    positions[(poll.Consumer, poll.Partition)] = poll.Seen.Offset;
                    break;
            }
        }
    }

    public void CheckUnseen()
    {
        HashSet<RecordId> given = [.. history.OfType<Polled>().Select(p => p.Seen.Record).OfType<RecordId>()];
        foreach (Acknowledged acknowledged in history.OfType<Acknowledged>().Where(a => !given.Contains(a.Record)))
        {
            anomalies.Add(new(AnomalyKind.Unseen, $"{acknowledged.Record}, acknowledged at offset {acknowledged.Offset}, was given to nobody"));
        }
    }

    private void Compare(Polled poll, long before, long[] offsets)
    {
        long now = poll.Seen.Offset;
        if (now <= before)
        {
            anomalies.Add(new(AnomalyKind.NonmonotonicPoll, $"{poll.Consumer} was given offset {now} of partition {poll.Partition} after {before}"));
            return;
        }

        int from = Array.BinarySearch(offsets, before + 1);
        int to = Array.BinarySearch(offsets, now);
        int skipped = (to < 0 ? ~to : to) - (from < 0 ? ~from : from);
        if (skipped > 0)
        {
            anomalies.Add(new(AnomalyKind.SkippedPoll, $"{poll.Consumer} was given offset {now} of partition {poll.Partition} after {before}; the log has {skipped} records between"));
        }
    }
}
