using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

public class PartitionLogTests
{
    [Fact]
    public void A_new_log_is_empty_and_knows_its_topic()
    {
        using var test = new TestLog();

        Assert.Equal(Offset.Zero, test.Log.LogEndOffset);
        Assert.Equal(["00000000000000000000.log", "partition.metadata"], test.Files());
        Assert.Equal(
            $"version: 0\ntopic_id: {test.Log.TopicId}", System.Text.Encoding.UTF8.GetString(test.Disk.Content(test.PathOf("partition.metadata"))));
        Assert.Equal(new ReadOutcome(ErrorCode.None, null, Offset.Zero), test.Log.Read(Offset.Zero, 1000, Offset.Zero, atLeastOneBatch: true));
    }

    [Fact]
    public void Appended_batches_get_offsets_and_the_epoch_in_place_and_are_read_back_as_they_were()
    {
        using var test = new TestLog();
        var first = TestBatches.Plain(records: 3);
        var second = TestBatches.Plain(records: 2);

        Assert.Equal(0, test.Commit(first, epoch: 5));
        Assert.Equal(3, test.Commit(second, epoch: 5));

        Assert.Equal([.. first, .. second], test.Disk.Content(test.PathOf("00000000000000000000.log")));
        Assert.Equal([(0, 2, 5), (3, 4, 5)], test.ReadAll().Select(h => ((int)h.BaseOffset.Value, (int)h.LastOffset.Value, h.LeaderEpoch.Value)));
        Assert.Equal(5, test.End);
        Assert.Equal(new LeaderEpoch(5), test.Log.LatestEpoch);
        Assert.Equal(first.Length + second.Length, test.Log.SizeInBytes);
    }

    [Fact]
    public void The_topics_clock_may_stamp_the_records()
    {
        using var test = new TestLog(config: LogConfig.Default with { TimestampType = TimestampType.LogAppendTime });

        var outcome = test.Append(TestBatches.Plain(timestampMs: 42));

        Assert.Equal(TestBatches.Time, outcome.LogAppendTimeMs);
        var header = Assert.Single(test.ReadAll());
        Assert.Equal((TimestampType.LogAppendTime, TestBatches.Time), (header.TimestampType, header.MaxTimestamp));
    }

    [Fact]
    public void The_topics_codec_is_enforced()
    {
        using var test = new TestLog(config: LogConfig.Default with { CompressionType = CompressionType.Lz4 });

        test.Commit(TestBatches.Plain(records: 10, valueSize: 1000));

        var header = Assert.Single(test.ReadAll());
        Assert.Equal((CompressionType.Lz4, 10), (header.Compression, header.RecordCount));
        Assert.True(test.Log.SizeInBytes < 1000);
    }

    [Fact]
    public void Bad_batches_are_refused_and_leave_no_trace()
    {
        using var test = new TestLog(config: LogConfig.Default with { MaxMessageBytes = 200 });
        var corrupt = TestBatches.Plain();
        corrupt[^1] ^= 1;

        Assert.Equal(ErrorCode.CorruptMessage, test.Append(corrupt).Error);
        Assert.Equal(ErrorCode.MessageTooLarge, test.Append(TestBatches.Plain(valueSize: 300)).Error);
        Assert.Equal(0, test.End);
        Assert.Equal(0, test.Log.SizeInBytes);
    }

    [Theory]
    [InlineData(1, true, 1)]
    [InlineData(1, false, 0)]
    [InlineData(250, true, 3)]
    [InlineData(100_000, true, 10)]
    public void Reads_give_whole_batches_within_the_bytes_asked_for(int maxBytes, bool atLeastOne, int batches)
    {
        using var test = new TestLog();
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(records: 1, valueSize: 10));
        }

        var size = (int)test.Log.SizeInBytes / 10;
        Assert.Equal(3, 250 / size);
        var outcome = test.Log.Read(Offset.Zero, maxBytes, test.Log.LogEndOffset, atLeastOne);

        Assert.Equal(batches * size, outcome.Slice?.Length ?? 0);
        Assert.Equal(batches, outcome.NextOffset.Value);
        outcome.Slice?.Dispose();
    }

    [Fact]
    public void Reads_never_reach_the_limit()
    {
        using var test = new TestLog();
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(records: 2));
        }

        var size = (int)test.Log.SizeInBytes / 10;
        for (var limit = 0; limit <= 20; limit++)
        {
            for (var from = 0; from <= 20; from++)
            {
                var outcome = test.Log.Read(new Offset(from), 1 << 20, new Offset(limit), atLeastOneBatch: true);
                Assert.Equal(Math.Max(0, (limit / 2) - (from / 2)) * size, outcome.Slice?.Length ?? 0);
                outcome.Slice?.Dispose();
            }
        }
    }

    [Fact]
    public void Reads_outside_the_log_are_out_of_range()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Plain());

        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(new Offset(2), 1, new Offset(5), true).Error);
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(new Offset(-1), 1, new Offset(5), true).Error);
        Assert.Equal(ErrorCode.None, test.Log.Read(new Offset(1), 1, new Offset(5), true).Error);
    }

    [Fact]
    public void Segments_roll_by_size_and_reads_cross_them()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(valueSize: 20));
        }

        Assert.Equal(4, test.Files().Count(name => name.EndsWith(".log", StringComparison.Ordinal)));
        Assert.Contains("00000000000000000003.snapshot", test.Files());
        Assert.Equal(Enumerable.Range(0, 10), test.ReadAll().Select(header => (int)header.BaseOffset.Value));
    }

    [Fact]
    public void Segments_roll_by_the_age_of_their_records()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentMs = 1000 });
        test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time));
        test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + 1000));
        Assert.Single(test.Log.State.Segments);

        test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + 1001));

        Assert.Equal([0, 2], test.Log.State.Segments.Select(segment => segment.BaseOffset.Value));
    }

    [Fact]
    public void Segments_roll_when_an_index_is_full()
    {
        using var test = new TestLog(config: LogConfig.Default with { IndexIntervalBytes = 0, SegmentIndexBytes = 24 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + i));
        }

        Assert.True(test.Log.State.Segments.Length > 3);
        Assert.Equal(10, test.ReadAll().Count);
    }

    [Fact]
    public void A_follower_rolls_when_the_offset_no_longer_fits_the_index()
    {
        using var test = new TestLog();
        Assert.Equal(ErrorCode.None, test.Log.AppendAsFollower(TestBatches.At(TestBatches.Plain(), 0)));
        Assert.Equal(ErrorCode.None, test.Log.AppendAsFollower(TestBatches.At(TestBatches.Plain(), 1L << 31)));
        Assert.Equal(ErrorCode.None, test.Log.AppendAsFollower(TestBatches.At(TestBatches.Plain(), 1L << 33)));

        Assert.Equal([0, 1L << 31, 1L << 33], test.Log.State.Segments.Select(segment => segment.BaseOffset.Value));
        Assert.Equal([0, 1L << 31, 1L << 33], test.ReadAll().Select(header => header.BaseOffset.Value));
    }

    [Fact]
    public void A_follower_takes_batches_as_they_are_but_none_before_its_end_or_damaged()
    {
        using var test = new TestLog();
        var first = TestBatches.At(TestBatches.Plain(2), 10, epoch: 3);
        var second = TestBatches.At(TestBatches.Plain(2), 20, epoch: 4);
        var cut = TestBatches.At(TestBatches.Plain(2), 22, epoch: 4)[..50];

        Assert.Equal(ErrorCode.None, test.Log.AppendAsFollower((byte[])[.. first, .. second, .. cut]));

        Assert.Equal(22, test.End);
        Assert.Equal((new LeaderEpoch(3), new Offset(20)), test.Log.EndOffsetFor(new LeaderEpoch(3)));
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.AppendAsFollower(TestBatches.At(TestBatches.Plain(), 21)));
        var corrupt = TestBatches.At(TestBatches.Plain(), 22);
        corrupt[^1] ^= 1;
        Assert.Equal(ErrorCode.CorruptMessage, test.Log.AppendAsFollower(corrupt));
        Assert.Equal(22, test.End);
    }

    [Fact]
    public void A_slice_outlives_retention_and_close()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 300, FileDeleteDelayMs = 0 });
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(valueSize: 100));
        }

        var slice = test.Log.Read(Offset.Zero, 1 << 20, test.Log.LogEndOffset, true).Slice!;
        test.Log.AdvanceLogStartOffset(new Offset(9));
        Assert.True(test.Log.DeleteExpiredSegments(TestBatches.Time) > 0);
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(Offset.Zero, 1, test.Log.LogEndOffset, true).Error);
        test.Log.Dispose();

        var bytes = new byte[slice.Length];
        slice.CopyTo(bytes);
        Assert.True(RecordBatch.IsCrcValid(bytes));
        Assert.Equal(1, test.Disk.OpenFiles);
        slice.Dispose();
        Assert.Equal(0, test.Disk.OpenFiles);
    }

    [Fact]
    public void A_clean_restart_goes_on_where_it_was_and_reads_little()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 1000, IndexIntervalBytes = 100 });
        for (var i = 0; i < 30; i++)
        {
            test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + i));
        }

        test.CloseAndReopen();

        Assert.Equal(30, test.End);
        Assert.Equal(new Offset(30), test.Log.RecoveryPoint);
        Assert.Equal(new Offset(30), test.Log.HighWatermark);
        Assert.Equal(30, test.ReadAll(150).Count);
        Assert.Equal(30, test.Commit(TestBatches.Plain()));
        Assert.Equal(TestBatches.Time + 29, test.Log.FindMaxTimestamp().TimestampMs);
    }
}
