namespace Samsa.Cluster.Tests.Checking;

/// <summary>Where a group continues: never before an offset that it was told to be committed by then.</summary>
internal sealed class CommitChecks(IReadOnlyList<HistoryEvent> history, List<Anomaly> anomalies)
{
    private readonly Dictionary<int, List<(int At, long Offset)>> _highest = [];

    public void Run()
    {
        var starts = new Dictionary<(string Consumer, int Partition), int>();
        for (int at = 0; at < history.Count; at++)
        {
            switch (history[at])
            {
                case Committed committed:
                    Raise(committed.Partition, at, committed.Offset);
                    break;
                case Assigned assigned:
                    starts[(assigned.Consumer, assigned.Partition)] = at;
                    break;
                case CommittedRead read:
                    Compare(read.Partition, read.Asked, read.Offset, "the group's committed offset is");
                    break;
                case Polled poll when starts.Remove((poll.Consumer, poll.Partition), out int start):
                    Compare(poll.Partition, start, poll.Seen.Offset, $"{poll.Consumer} begins at");
                    break;
            }
        }
    }

    private void Raise(int partition, int at, long offset)
    {
        if (!_highest.TryGetValue(partition, out var steps))
        {
            _highest[partition] = steps = [];
        }

        if (steps.Count == 0 || steps[^1].Offset < offset)
        {
            steps.Add((at, offset));
        }
    }

    private void Compare(int partition, int asked, long offset, string what)
    {
        if (!_highest.TryGetValue(partition, out var steps))
        {
            return;
        }

        (int at, long committed) = steps.LastOrDefault(s => s.At < asked, (-1, -1));
        if (offset < committed)
        {
            anomalies.Add(new(AnomalyKind.CommitWentBack, $"{what} {offset} in partition {partition}; {committed} was committed at event {at}, before event {asked}"));
        }
    }
}
