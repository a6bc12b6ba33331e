namespace Samsa.Cluster.Tests.Checking;

/// <summary>Histories by hand: each broken promise is found, and what only looks like one is not.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly CheckerRules Idempotent = new(IsIdempotent: true, GroupReadsAll: false);
    private static readonly CheckerRules Plain = new(IsIdempotent: false, GroupReadsAll: false);
    private static readonly CheckerRules WithGroup = new(IsIdempotent: true, GroupReadsAll: true);

    [Fact]
    public void A_history_without_faults_has_no_anomaly()
    {
        Verdict verdict = Check(WithGroup, Log(R(0), R(1), R(2)),
            new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(0), 0), new Assigned("c", 0), Poll(0, R(0)), new Acknowledged(R(1), 1),
            new Sent(R(2)), new Acknowledged(R(2), 2), Poll(1, R(1)), new Committed("c", 0, 2), Poll(2, R(2)), new CommittedRead(0, 10, 2));
        Assert.Empty(verdict.Anomalies);
        Assert.Equal((3, 3, 3, 3), (verdict.Sent, verdict.Acknowledged, verdict.InLog, verdict.Polled));
    }

    [Fact]
    public void An_acknowledged_record_that_is_nowhere_is_lost() =>
        Finds(AnomalyKind.LostWrite, Idempotent, Log(R(0)), new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(0), 0), new Acknowledged(R(1), 1));

    [Fact]
    public void A_lost_record_is_found_in_an_empty_log() =>
        Finds(AnomalyKind.LostWrite, Plain, Log(), new Sent(R(0)), new Acknowledged(R(0), -1));

    [Fact]
    public void An_unknown_record_may_be_there_or_not()
    {
        HistoryEvent[] history = [new Sent(R(0)), new Unknown(R(0), "timed out")];
        Assert.Empty(Check(Idempotent, Log(), history).Anomalies);
        Assert.Empty(Check(Idempotent, Log(R(0)), history).Anomalies);
    }

    [Fact]
    public void A_record_that_nobody_heard_of_again_may_be_there() => Assert.Empty(Check(Idempotent, Log(R(0)), new Sent(R(0))).Anomalies);

    [Fact]
    public void A_failed_record_must_not_be_there() =>
        Finds(AnomalyKind.FailedWriteIsThere, Idempotent, Log(R(0)), new Sent(R(0)), new Failed(R(0), "too large"));

    [Fact]
    public void A_record_nobody_sent_is_a_phantom() => Finds(AnomalyKind.Phantom, Idempotent, Log(R(0), R(7)), new Sent(R(0)));

    [Fact]
    public void A_damaged_value_is_a_phantom() => Finds(AnomalyKind.Phantom, Idempotent, [[new Seen(0, null)]]);

    [Fact]
    public void A_record_in_another_partition_is_a_phantom() =>
        Finds(AnomalyKind.Phantom, Idempotent, [[], [new Seen(0, R(0))]], new Sent(R(0)), new Unknown(R(0), "timed out"));

    [Fact]
    public void An_idempotent_record_is_there_once()
    {
        HistoryEvent[] history = [new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(0), 0), new Acknowledged(R(1), 1)];
        Finds(AnomalyKind.Duplicate, Idempotent, Log(R(0), R(1), R(0)), history);
        Verdict plain = Check(Plain, Log(R(0), R(1), R(0), R(1)), history);
        Assert.Empty(plain.Anomalies);
        Assert.Equal(2, plain.Repeated);
    }

    [Fact]
    public void A_producer_that_gave_up_may_write_again_in_a_new_epoch_and_only_there()
    {
        HistoryEvent[] patient = [new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(1), 0)];
        HistoryEvent[] impatient = [.. patient, new Unknown(R(0), "timed out")];
        Seen first = new(0, R(1)) { Session = new(7, 0) };
        Seen again = new(1, R(1)) { Session = new(7, 1) };
        Assert.Empty(Check(Idempotent, [[first, again]], impatient).Anomalies);
        Finds(AnomalyKind.Duplicate, Idempotent, [[first, again]], patient);
        Finds(AnomalyKind.Duplicate, Idempotent, [[first, again, again with { Offset = 2 }]], impatient);
    }

    [Fact]
    public void Records_of_one_producer_keep_their_order()
    {
        HistoryEvent[] history = [new Sent(R(0)), new Sent(R(1)), new Sent(R(2))];
        Finds(AnomalyKind.Reordered, Idempotent, Log(R(0), R(2), R(1)), history);
        Assert.Empty(Check(Plain, Log(R(1), R(0)), history).Anomalies);
        Assert.Empty(Check(Idempotent, Log(R(0), R(2)), history).Anomalies);
    }

    [Fact]
    public void Records_of_two_producers_have_no_order()
    {
        RecordId other = new(2, 0, 0);
        Assert.Empty(Check(Idempotent, Log(R(0), other, R(1)), new Sent(R(0)), new Sent(R(1)), new Sent(other)).Anomalies);
    }

    [Fact]
    public void An_offset_holds_one_value_for_acknowledgement_consumer_and_log()
    {
        Finds(AnomalyKind.InconsistentOffset, Idempotent, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(1), 0));
        Finds(AnomalyKind.InconsistentOffset, Idempotent, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Assigned("c", 0), Poll(0, R(1)));
        Finds(AnomalyKind.InconsistentOffset, Plain, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Acknowledged(R(0), 5), new Acknowledged(R(1), 5));
    }

    [Fact]
    public void What_a_consumer_was_given_stays() =>
        Finds(AnomalyKind.Vanished, Idempotent, Log(R(0)), new Sent(R(0)), new Sent(R(1)), new Assigned("c", 0), Poll(0, R(0)), Poll(1, R(1)));

    [Fact]
    public void A_consumer_goes_forward_only() =>
        Finds(AnomalyKind.NonmonotonicPoll, Idempotent, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Assigned("c", 0), Poll(0, R(0)), Poll(1, R(1)), Poll(0, R(0)));

    [Fact]
    public void A_consumer_may_read_again_after_an_assignment() =>
        Assert.Empty(Check(Idempotent, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Assigned("c", 0), Poll(0, R(0)), Poll(1, R(1)), new Revoked("c", 0), new Assigned("c", 0), Poll(0, R(0))).Anomalies);

    [Fact]
    public void A_consumer_does_not_skip()
    {
        HistoryEvent[] history = [new Sent(R(0)), new Sent(R(1)), new Sent(R(2)), new Assigned("c", 0), Poll(0, R(0)), Poll(2, R(2))];
        Finds(AnomalyKind.SkippedPoll, Idempotent, Log(R(0), R(1), R(2)), history);
        Assert.Empty(Check(Idempotent, [[new(0, R(0)), new(2, R(2))]], history).Anomalies);
    }

    [Fact]
    public void A_group_is_given_everything_in_the_end()
    {
        HistoryEvent[] history = [new Sent(R(0)), new Acknowledged(R(0), 0), new Sent(R(1)), new Acknowledged(R(1), 1), new Assigned("c", 0), Poll(1, R(1))];
        Finds(AnomalyKind.Unseen, WithGroup, Log(R(0), R(1)), history);
        Assert.Empty(Check(Idempotent, Log(R(0), R(1)), history).Anomalies);
    }

    [Fact]
    public void A_committed_offset_does_not_go_back()
    {
        HistoryEvent[] sent = [new Sent(R(0)), new Sent(R(1))];
        Finds(AnomalyKind.CommitWentBack, Idempotent, Log(R(0), R(1)), [.. sent, new Committed("c", 0, 2), new Committed("c", 0, 1), new CommittedRead(0, 4, 1)]);
        Finds(AnomalyKind.CommitWentBack, Idempotent, Log(R(0), R(1)), [.. sent, new Committed("c", 0, 1), new CommittedRead(0, 3, -1)]);
        Finds(AnomalyKind.CommitWentBack, Idempotent, Log(R(0), R(1)), [.. sent, new Committed("c", 0, 1), new Assigned("d", 0), Poll(0, R(0), "d")]);
    }

    [Fact]
    public void A_commit_after_the_question_does_not_count() =>
        Assert.Empty(Check(Idempotent, Log(R(0), R(1)),
            new Sent(R(0)), new Sent(R(1)), new Assigned("d", 0), new Committed("c", 0, 2), new CommittedRead(0, 3, 1), Poll(0, R(0), "d")).Anomalies);

    private static RecordId R(long number) => new(1, 0, number);

    private static Polled Poll(long offset, RecordId record, string consumer = "c") => new(consumer, 0, new(offset, record));

    /// <summary>One partition with these records from offset 0 on.</summary>
    private static Seen[][] Log(params RecordId[] records) => [[.. records.Select((r, i) => new Seen(i, r))]];

    private static Verdict Check(CheckerRules rules, Seen[][] log, params HistoryEvent[] history) => HistoryChecker.Check(history, log, rules);

    private static void Finds(AnomalyKind kind, CheckerRules rules, Seen[][] log, params HistoryEvent[] history)
    {
        Verdict verdict = Check(rules, log, history);
        Assert.True(verdict.Anomalies.Count > 0 && verdict.Anomalies.All(a => a.Kind == kind), $"{kind} is looked for: {verdict}");
    }
}
