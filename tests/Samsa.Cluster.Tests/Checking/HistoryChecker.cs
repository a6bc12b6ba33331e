namespace Samsa.Cluster.Tests.Checking;

/// <summary>
/// Compares what clients were told with what is in the log afterwards. Knows no cluster, no clock and no threads: a history and a
/// log in, a verdict out.
/// </summary>
public sealed class HistoryChecker
{
    private readonly IReadOnlyList<HistoryEvent> _history;
    private readonly IReadOnlyList<Seen>[] _log;
    private readonly List<Anomaly> _anomalies = [];

    private HistoryChecker(IReadOnlyList<HistoryEvent> history, IReadOnlyList<Seen>[] log) => (_history, _log) = (history, log);

    /// <summary>Checks one topic.</summary>
    /// <param name="history">What all its clients did.</param>
    /// <param name="log">Everything that each partition holds at the end, in order of offset.</param>
    /// <param name="rules">What the clients may expect.</param>
    public static Verdict Check(IReadOnlyList<HistoryEvent> history, IReadOnlyList<Seen>[] log, CheckerRules rules) =>
        new HistoryChecker(history, log).Check(rules);

    private Verdict Check(CheckerRules rules)
    {
        WriteTable writes = new(_history);
        for (int partition = 0; partition < _log.Length; partition++)
        {
            CheckLog(partition, writes, rules);
        }

        CheckAcknowledged(writes);
        CheckOffsets();
        var polls = new PollChecks(_history, _log, _anomalies);
        polls.CheckPositions();
        if (rules.GroupReadsAll)
        {
            polls.CheckUnseen();
        }

        new CommitChecks(_history, _anomalies).Run();
        return new Verdict
        {
            Anomalies = _anomalies,
            Sent = writes.Sent.Count,
            Acknowledged = writes.Acknowledged.Count,
            Failed = writes.Failed.Count,
            Unknown = _history.OfType<Unknown>().LongCount(),
            InLog = _log.Sum(p => (long)p.Count),
            Repeated = _log.Sum(p => p.Count - (long)p.Select(s => s.Record).Distinct().Count()),
            Polled = _history.OfType<Polled>().LongCount(),
            Commits = _history.OfType<Committed>().LongCount(),
            CommitsRead = _history.OfType<CommittedRead>().LongCount(),
        };
    }

    /// <summary>Each record of the log: sent by somebody, not known to have failed, once, and after its predecessors.</summary>
    private void CheckLog(int partition, WriteTable writes, CheckerRules rules)
    {
        var first = new Dictionary<RecordId, long>();
        var latest = new Dictionary<int, RecordId>();
        foreach ((long offset, RecordId? id) in _log[partition])
        {
            if (id is not { } record || !writes.Sent.Contains(record) || record.Partition != partition)
            {
                Found(AnomalyKind.Phantom, $"offset {offset} of partition {partition} holds {(id is { } other ? other.ToString() : "a damaged value")}");
            }
            else if (first.TryGetValue(record, out long before))
            {
                if (rules.IsIdempotent)
                {
                    Found(AnomalyKind.Duplicate, $"{record} is at offsets {before} and {offset}");
                }
            }
            else
            {
                first[record] = offset;
                if (latest.TryGetValue(record.Producer, out RecordId previous) && previous.Number > record.Number)
                {
                    Found(AnomalyKind.Reordered, $"{record} is at offset {offset}, after number {previous.Number} at {first[previous]}");
                }

                latest[record.Producer] = record;
                if (writes.Failed.TryGetValue(record, out string? reason))
                {
                    Found(AnomalyKind.FailedWriteIsThere, $"{record} failed with {reason} and is at offset {offset}");
                }
            }
        }
    }

    private void CheckAcknowledged(WriteTable writes)
    {
        HashSet<RecordId> there = [.. _log.SelectMany(p => p).Select(s => s.Record).OfType<RecordId>()];
        foreach ((RecordId record, long offset) in writes.Acknowledged)
        {
            if (!there.Contains(record))
            {
                Found(AnomalyKind.LostWrite, $"{record} was acknowledged at offset {offset} and is nowhere");
            }
        }
    }

    /// <summary>An offset holds one value for ever, whoever tells of it: acknowledgements, consumers, the log at the end.</summary>
    private void CheckOffsets()
    {
        var values = new Dictionary<(int Partition, long Offset), RecordId?>();
        for (int partition = 0; partition < _log.Length; partition++)
        {
            foreach (Seen seen in _log[partition])
            {
                values[(partition, seen.Offset)] = seen.Record;
            }
        }

        foreach (HistoryEvent happened in _history)
        {
            switch (happened)
            {
                case Acknowledged { Offset: >= 0 } ack:
                    Compare(ack.Record.Partition, ack.Offset, ack.Record, "was acknowledged there");
                    break;
                case Polled poll:
                    if (!values.ContainsKey((poll.Partition, poll.Seen.Offset)))
                    {
                        Found(AnomalyKind.Vanished, $"{poll.Consumer} was given {poll.Seen.Record} at offset {poll.Seen.Offset}, which is not in the log");
                    }

                    Compare(poll.Partition, poll.Seen.Offset, poll.Seen.Record, $"was given to {poll.Consumer}");
                    break;
            }
        }

        void Compare(int partition, long offset, RecordId? record, string how)
        {
            if (!values.TryAdd((partition, offset), record) && values[(partition, offset)] != record)
            {
                Found(AnomalyKind.InconsistentOffset, $"offset {offset} of partition {partition} holds {values[(partition, offset)]}, and {record} {how}");
            }
        }
    }

    private void Found(AnomalyKind kind, string what) => _anomalies.Add(new(kind, what));

    /// <summary>How each record's sending ended.</summary>
    private sealed class WriteTable
    {
        public WriteTable(IReadOnlyList<HistoryEvent> history)
        {
            foreach (HistoryEvent happened in history)
            {
                switch (happened)
                {
                    case Sent sent:
                        Sent.Add(sent.Record);
                        break;
                    case Acknowledged acknowledged:
                        Acknowledged[acknowledged.Record] = acknowledged.Offset;
                        break;
                    case Failed failed:
                        Failed[failed.Record] = failed.Reason;
                        break;
                }
            }
        }

        public HashSet<RecordId> Sent { get; } = [];

        public Dictionary<RecordId, long> Acknowledged { get; } = [];

        public Dictionary<RecordId, string> Failed { get; } = [];
    }
}

/// <summary>What clients were promised.</summary>
/// <param name="IsIdempotent">Producers are idempotent: no record may be there twice.</param>
/// <param name="GroupReadsAll">A group read until the end: it must have been given everything that was acknowledged.</param>
public sealed record CheckerRules(bool IsIdempotent, bool GroupReadsAll);
