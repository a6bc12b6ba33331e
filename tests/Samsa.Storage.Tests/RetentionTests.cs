using Samsa.Model;

namespace Samsa.Storage.Tests;

public class RetentionTests
{
    private static readonly LogConfig s_small = LogConfig.Default with { SegmentBytes = 250, RetentionMs = -1, FileDeleteDelayMs = 60_000 };

    [Fact]
    public void Old_segments_go_and_their_files_after_a_delay()
    {
        using var test = Filled(s_small with { RetentionMs = 1000 });
        Assert.Equal(0, test.Log.DeleteExpiredSegments(TestBatches.Time + 1000));

        Assert.Equal(1, test.Log.DeleteExpiredSegments(TestBatches.Time + 1003));

        Assert.Equal(3, test.Log.LogStartOffset.Value);
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(new Offset(2), 100, test.Log.LogEndOffset, true).Error);
        Assert.Contains("00000000000000000000.log.deleted", test.Files());
        Assert.DoesNotContain("00000000000000000000.log", test.Files());

        test.Log.Config = s_small;
        Assert.Equal(0, test.Log.DeleteExpiredSegments(TestBatches.Time + 61_002));
        Assert.Contains("00000000000000000000.log.deleted", test.Files());
        _ = test.Log.DeleteExpiredSegments(TestBatches.Time + 61_003);
        Assert.DoesNotContain(test.Files(), name => name.StartsWith("00000000000000000000.", StringComparison.Ordinal));
        Assert.DoesNotContain("00000000000000000000.snapshot", test.Files());
    }

    [Fact]
    public void The_active_segment_goes_too_when_all_of_it_is_old()
    {
        using var test = Filled(s_small with { RetentionMs = 1000 });

        Assert.Equal(4, test.Log.DeleteExpiredSegments(TestBatches.Time + 1_000_000));

        Assert.Equal((10, 10), (test.Log.LogStartOffset.Value, test.End));
        Assert.Equal(0, test.Log.SizeInBytes);
        Assert.Equal(10, test.Commit(TestBatches.Plain()));
        test.CloseAndReopen();
        Assert.Equal((10, 11), (test.Log.LogStartOffset.Value, test.End));
    }

    [Fact]
    public void What_exceeds_the_size_goes_in_whole_segments()
    {
        using var test = Filled(s_small);
        var segment = test.Log.State.Segments[0].Size;
        test.Log.Config = s_small with { RetentionBytes = test.Log.SizeInBytes - segment };

        Assert.Equal(1, test.Log.DeleteExpiredSegments(TestBatches.Time));
        Assert.Equal(0, test.Log.DeleteExpiredSegments(TestBatches.Time));
        Assert.Equal(3, test.Log.LogStartOffset.Value);
    }

    [Fact]
    public void Nothing_above_the_high_watermark_goes()
    {
        using var test = new TestLog(config: s_small with { RetentionBytes = 0 });
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ErrorCode.None, test.Append(TestBatches.Plain()).Error);
        }

        Assert.Equal(0, test.Log.DeleteExpiredSegments(TestBatches.Time));
        test.Log.AdvanceHighWatermark(new Offset(6));
        Assert.Equal(2, test.Log.DeleteExpiredSegments(TestBatches.Time));
    }

    [Fact]
    public void Segments_below_the_log_start_offset_go_whatever_the_policy()
    {
        using var test = Filled(s_small with { CleanupDelete = false, CleanupCompact = false });
        test.Log.AdvanceLogStartOffset(new Offset(7));

        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(new Offset(6), 100, test.Log.LogEndOffset, true).Error);
        Assert.Equal(2, test.Log.DeleteExpiredSegments(TestBatches.Time));
        Assert.Equal([6, 9], test.Log.State.Segments.Select(segment => segment.BaseOffset.Value));
        Assert.Equal("0\n1\n0 7\n", test.Log.State.Epochs.Encode());

        test.Kill();
        Assert.Equal(7, test.Log.LogStartOffset.Value);
    }

    [Fact]
    public void Idle_segments_are_closed_and_open_again_when_read()
    {
        using var test = Filled(s_small);
        _ = test.ReadAll();
        Assert.Equal(4, test.Disk.OpenFiles);

        _ = test.Log.DeleteExpiredSegments(TestBatches.Time);
        _ = test.Log.DeleteExpiredSegments(TestBatches.Time);

        Assert.Equal(0, test.Disk.OpenFiles);
        Assert.Equal(10, test.ReadAll().Count);
        Assert.Equal(10, test.Commit(TestBatches.Plain()));
    }

    private static TestLog Filled(LogConfig config)
    {
        var test = new TestLog(config: config);
        for (var i = 0; i < 10; i++)
        {
            test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + i));
        }

        Assert.Equal(4, test.Log.State.Segments.Length);
        return test;
    }
}
