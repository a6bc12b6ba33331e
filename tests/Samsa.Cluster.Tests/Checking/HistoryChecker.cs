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
        var written = new HashSet<(RecordId, ProducerSession)>();
        var latest = new Dictionary<int, RecordId>();
        foreach (Seen seen in _log[partition])
        {
            (long offset, RecordId? id) = seen;
            if (id is not { } record || !writes.Sent.Contains(record) || record.Partition != partition)
            {
                Found(AnomalyKind.Phantom, $"offset {offset} of partition {partition} holds {(id is { } other ? other.ToString() : "a damaged value")}");
            }
            else if (!first.TryAdd(record, offset))
            {
                // A producer that gave up on a record begins a new epoch, and sends again what was under way behind it: no broker can tell.
                if (rules.IsIdempotent && (!written.Add((record, seen.Session)) || !writes.Impatient.Contains(record.Producer)))
                {
                    Found(AnomalyKind.Duplicate, $"{record} is at offsets {first[record]} and {offset} ({seen.Session})");
                }
            }
            else
            {
                written.Add((record, seen.Session));

                // Without idempotence a client may write to a new leader while what it sent to the old one is not answered and has to be sent again.
                if (rules.IsIdempotent && latest.TryGetValue(record.Producer, out RecordId previous) && previous.Number > record.Number)
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
                        Impatient.Add(failed.Record.Producer);
                        break;
                    case Unknown unknown:
                        Impatient.Add(unknown.Record.Producer);
                        break;
                }
            }
        }

        public HashSet<RecordId> Sent { get; } = [];

        public Dictionary<RecordId, long> Acknowledged { get; } = [];

        public Dictionary<RecordId, string> Failed { get; } = [];

        /// <summary>Producers that gave up on a record.</summary>
        public HashSet<int> Impatient { get; } = [];
    }
}

/// <summary>What clients were promised.</summary>
/// <param name="IsIdempotent">Producers are idempotent: no record may be there twice in one session of its producer; nor at all, where the producer never gave up.</param>
/// <param name="GroupReadsAll">A group read until the end: it must have been given everything that was acknowledged.</param>
public sealed record CheckerRules(bool IsIdempotent, bool GroupReadsAll);
