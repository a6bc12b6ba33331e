using Samsa.Model;

namespace Samsa.Storage.Tests;

public class TruncationTests
{
    [Fact]
    public void Truncation_to_any_offset_removes_the_batches_that_hold_it_or_come_after()
    {
        for (var to = 0; to <= 20; to++)
        {
            using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300, IndexIntervalBytes = 100 });
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(ErrorCode.None, test.Append(TestBatches.Idempotent(1, 2 * i, records: 2, timestampMs: TestBatches.Time + i), epoch: i / 3).Error);
            }

            test.Log.Flush();
            test.Log.TruncateTo(new Offset(to));

            var end = to / 2 * 2;
            Assert.Equal((end, end), (test.End, test.Log.RecoveryPoint.Value));
            Assert.Equal(end / 2, test.ReadAll().Count);
            Assert.True(test.Log.LatestEpoch.Value <= Math.Max(-1, ((end / 2) - 1) / 3));
            Assert.Equal(end == 0 ? -1 : TestBatches.Time + (end / 2), test.Log.FindMaxTimestamp().TimestampMs);
            if (to is > 0 and < 20)
            {
                Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, test.Append(TestBatches.Idempotent(1, 20)).Error is var e && end == 0 ? ErrorCode.OutOfOrderSequenceNumber : e);
            }

            test.CloseAndReopen();
            Assert.True(test.ReadAll().Count >= end / 2);
        }
    }

    [Fact]
    public void A_full_truncation_begins_anew_at_an_offset()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Idempotent(1, i));
        }

        test.Log.TruncateFullyAndStartAt(new Offset(1000));

        Assert.Equal((1000, 1000, 1000), (test.Log.LogStartOffset.Value, test.End, test.Log.HighWatermark.Value));
        Assert.Equal(LeaderEpoch.None, test.Log.LatestEpoch);
        Assert.Equal(["00000000000000001000.log", "leader-epoch-checkpoint", "partition.metadata"], test.Files());
        Assert.Equal(ErrorCode.None, test.Log.AppendAsFollower(TestBatches.At(TestBatches.Plain(), 1000, epoch: 7)));
        test.Kill();
        Assert.Equal((1000, 1001), (test.Log.LogStartOffset.Value, test.End));
    }

    [Fact]
    public void A_read_in_the_middle_of_a_segment_is_not_misled_by_what_was_there_before()
    {
        using var test = new TestLog();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ErrorCode.None, test.Append(TestBatches.Plain(valueSize: 100)).Error);
        }

        // The reader remembers where offset 5 begins.
        var slice = test.Log.Read(Offset.Zero, 900, test.Log.LogEndOffset, true);
        slice.Slice!.Dispose();
        test.Log.TruncateTo(new Offset(2));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ErrorCode.None, test.Append(TestBatches.Plain(valueSize: 33)).Error);
        }

        var again = test.Log.Read(slice.NextOffset, 900, test.Log.LogEndOffset, true);
        Assert.Equal(slice.NextOffset, again.Slice!.FirstOffset);
        var bytes = new byte[again.Slice.Length];
        again.Slice.CopyTo(bytes);
        again.Slice.Dispose();
        Assert.True(Samsa.Records.RecordBatch.IsCrcValid(bytes));
    }
}
