using Samsa.Model;

namespace Samsa.Storage.Tests;

public class ProducerStatesTests
{
    [Fact]
    public void Any_of_the_last_five_batches_sent_again_is_answered_with_its_offset()
    {
        using var test = new TestLog();
        for (var i = 0; i < 6; i++)
        {
            test.Commit(TestBatches.Idempotent(1, sequence: 2 * i, records: 2, timestampMs: TestBatches.Time + i));
        }

        for (var i = 1; i < 6; i++)
        {
            var again = test.Append(TestBatches.Idempotent(1, sequence: 2 * i, records: 2, timestampMs: TestBatches.Time + i));
            Assert.Equal(
                (ErrorCode.None, 2L * i, (2L * i) + 1, TestBatches.Time + i + 1, true),
                (again.Error, again.FirstOffset.Value, again.LastOffset.Value, again.LogAppendTimeMs, again.IsDuplicate));
        }

        Assert.Equal(12, test.End);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, test.Append(TestBatches.Idempotent(1, sequence: 0, records: 2)).Error);
    }

    [Theory]
    [InlineData(0, 1, ErrorCode.OutOfOrderSequenceNumber)] // Part of a batch written before.
    [InlineData(0, 4, ErrorCode.OutOfOrderSequenceNumber)] // A gap.
    [InlineData(0, 3, ErrorCode.None)]
    [InlineData(1, 0, ErrorCode.None)] // A new epoch begins at 0
    [InlineData(1, 3, ErrorCode.OutOfOrderSequenceNumber)] // and nowhere else.
    public void Sequences_go_on_without_a_gap(short epoch, int sequence, ErrorCode expected)
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Idempotent(1, sequence: 0, records: 3));

        Assert.Equal(expected, test.Append(TestBatches.Idempotent(1, sequence, epoch: epoch)).Error);
        Assert.Equal(expected == ErrorCode.None ? 4 : 3, test.End);
    }

    [Fact]
    public void An_older_epoch_is_fenced()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Idempotent(1, 0, epoch: 2));

        Assert.Equal(ErrorCode.InvalidProducerEpoch, test.Append(TestBatches.Idempotent(1, 1, epoch: 1)).Error);
    }

    [Fact]
    public void An_unknown_producer_may_begin_anywhere()
    {
        using var test = new TestLog();

        Assert.Equal(0, test.Commit(TestBatches.Idempotent(1, sequence: 77)));
        Assert.Equal(1, test.Commit(TestBatches.Idempotent(1, sequence: 78)));
    }

    [Fact]
    public void Sequences_wrap_from_the_largest_to_zero()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Idempotent(1, sequence: int.MaxValue - 1, records: 4));

        Assert.True(test.Append(TestBatches.Idempotent(1, sequence: int.MaxValue - 1, records: 4)).IsDuplicate);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, test.Append(TestBatches.Idempotent(1, sequence: 3)).Error);
        Assert.Equal(4, test.Commit(TestBatches.Idempotent(1, sequence: 2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_state_survives_restarts(bool clean)
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Idempotent(1, i));
            test.Commit(TestBatches.Idempotent(2, i));
        }

        if (clean)
        {
            test.CloseAndReopen();
        }
        else
        {
            test.Kill();
        }

        Assert.True(test.Append(TestBatches.Idempotent(1, 9)).IsDuplicate);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, test.Append(TestBatches.Idempotent(2, 11)).Error);
        Assert.Equal(20, test.Commit(TestBatches.Idempotent(2, 10)));
    }

    [Fact]
    public void A_damaged_snapshot_is_made_up_for_by_the_batches()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Idempotent(1, i));
        }

        test.Log.CloseCleanly();
        foreach (var name in test.Files().Where(name => name.EndsWith(".snapshot", StringComparison.Ordinal)))
        {
            test.Disk.SetContent(test.PathOf(name), [0, 1, 9, 9, 9, 9, 0, 0, 0, 0]);
        }

        test.Reopen(test.Disk, clean: true);

        Assert.True(test.Append(TestBatches.Idempotent(1, 5)).IsDuplicate);
        Assert.Equal(10, test.Commit(TestBatches.Idempotent(1, 10)));
    }

    [Fact]
    public void A_silent_producer_is_forgotten_unless_its_transaction_is_open()
    {
        using var test = new TestLog(config: LogConfig.Default with { ProducerIdExpirationMs = 1000, RetentionMs = -1 });
        test.Commit(TestBatches.Idempotent(1, 0));
        test.Commit(TestBatches.Idempotent(2, 0, transactional: true));

        test.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = test.Log.DeleteExpiredSegments(test.Clock.GetUtcNow().ToUnixTimeMilliseconds());

        Assert.Equal([2], test.Log.State.Producers.ToSnapshot().Select(entry => entry.Producer.Value));
        Assert.Equal(2, test.Commit(TestBatches.Idempotent(1, 42)));
    }

    [Fact]
    public void The_last_stable_offset_waits_for_open_transactions_and_for_the_watermark()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Plain());
        test.Commit(TestBatches.Idempotent(1, 0, transactional: true));
        test.Commit(TestBatches.Idempotent(2, 0, transactional: true));
        Assert.Equal((3, 1), (test.End, test.Log.LastStableOffset.Value));

        test.Commit(TestBatches.Marker(1, commit: true), origin: AppendOrigin.Coordinator);
        Assert.Equal(2, test.Log.LastStableOffset.Value);

        var marker = test.Append(TestBatches.Marker(2, commit: false), origin: AppendOrigin.Coordinator);
        Assert.Equal((ErrorCode.None, 4L), (marker.Error, marker.FirstOffset.Value));
        Assert.Equal(2, test.Log.LastStableOffset.Value);

        test.Log.AdvanceHighWatermark(test.Log.LogEndOffset);
        Assert.Equal(5, test.Log.LastStableOffset.Value);
        Assert.Equal(
            new AbortedTransaction(new ProducerId(2), new Offset(2), new Offset(4), new Offset(5)),
            Assert.Single(test.Log.AbortedTransactionsIn(Offset.Zero, new Offset(5))));
        Assert.Empty(test.Log.AbortedTransactionsIn(Offset.Zero, new Offset(2)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transactions_survive_restarts(bool clean)
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300 });
        test.Commit(TestBatches.Idempotent(1, 0, transactional: true));
        test.Commit(TestBatches.Marker(1, commit: false), origin: AppendOrigin.Coordinator);
        for (var i = 0; i < 5; i++)
        {
            test.Commit(TestBatches.Plain());
        }

        test.Commit(TestBatches.Idempotent(1, 1, transactional: true));
        test.Commit(TestBatches.Plain(valueSize: 200));
        if (clean)
        {
            test.CloseAndReopen();
        }
        else
        {
            test.Kill();
        }

        Assert.Equal((9, 7), (test.End, test.Log.LastStableOffset.Value));
        Assert.Equal(1, Assert.Single(test.Log.AbortedTransactionsIn(Offset.Zero, new Offset(9))).LastOffset.Value);
        Assert.Equal(ErrorCode.InvalidTxnState, test.Append(TestBatches.Idempotent(1, 2)).Error);
    }
}
