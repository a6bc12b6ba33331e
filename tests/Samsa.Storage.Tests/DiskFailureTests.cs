using Samsa.Model;

namespace Samsa.Storage.Tests;

public class DiskFailureTests
{
    [Fact]
    public void A_full_disk_refuses_writes_serves_reads_and_takes_writes_again_when_there_is_space()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Idempotent(1, 0));
        var size = test.Log.SizeInBytes;
        for (var free = 0; free < size; free++)
        {
            test.Disk.Free = free;
            Assert.Equal(ErrorCode.KafkaStorageError, test.Append(TestBatches.Idempotent(1, 1)).Error);
            Assert.Equal(size, test.Disk.Content(test.PathOf("00000000000000000000.log")).Length);
            Assert.Single(test.ReadAll());
        }

        test.Disk.Free = long.MaxValue;
        Assert.Equal(1, test.Commit(TestBatches.Idempotent(1, 1)));
        test.Kill();
        Assert.Equal(2, test.ReadAll().Count);
    }

    [Fact]
    public void A_roll_that_finds_the_disk_full_is_tried_again()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 250, IndexIntervalBytes = 50 });
        for (var i = 0; i < 3; i++)
        {
            test.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + i));
        }

        test.Disk.Free = 5;
        Assert.Equal(ErrorCode.KafkaStorageError, test.Append(TestBatches.Plain()).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, test.Append(TestBatches.Plain()).Error);
        Assert.Single(test.Log.State.Segments);

        test.Disk.Free = long.MaxValue;
        Assert.Equal(3, test.Commit(TestBatches.Plain()));
        test.CloseAndReopen();
        Assert.Equal(4, test.ReadAll().Count);
        Assert.Equal(0, test.Log.FindByTimestamp(TestBatches.Time).Offset.Value);
    }

    [Fact]
    public void A_failed_sync_takes_the_log_offline()
    {
        using var test = new TestLog();
        test.Log.Flush();
        test.Commit(TestBatches.Plain());
        test.Log.Flush();
        test.Commit(TestBatches.Plain());
        test.Disk.SyncsFail = true;

        Assert.Throws<IOException>(test.Log.Flush);

        test.Disk.SyncsFail = false;
        Assert.True(test.Log.IsOffline);
        Assert.Equal(ErrorCode.KafkaStorageError, test.Append(TestBatches.Plain()).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, test.Log.Read(Offset.Zero, 100, test.Log.LogEndOffset, true).Error);
        Assert.Equal(new Offset(1), test.Log.RecoveryPoint);
        Assert.Throws<IOException>(test.Log.Flush);
        Assert.Throws<IOException>(test.Log.CloseCleanly);
    }

    [Fact]
    public void A_failed_read_is_a_storage_error_and_no_more()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Plain());
        test.Commit(TestBatches.Plain());

        test.Disk.ReadsFail = true;
        Assert.Equal(ErrorCode.KafkaStorageError, test.Log.Read(new Offset(1), 100, test.Log.LogEndOffset, true).Error);

        test.Disk.ReadsFail = false;
        Assert.Equal(2, test.ReadAll().Count);
    }

    [Fact]
    public void A_flush_syncs_what_was_written_since_the_last_and_the_names_of_new_files()
    {
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 250 });
        test.Log.Flush();
        Assert.Equal(0, test.Disk.Syncs);

        for (var i = 0; i < 4; i++)
        {
            test.Commit(TestBatches.Plain());
        }

        test.Log.Flush();
        Assert.Equal(new Offset(4), test.Log.RecoveryPoint);
        Assert.Equal(
            [
                "/logs", "/logs/orders-0", "00000000000000000000.index", "00000000000000000000.log", "00000000000000000000.timeindex",
                "00000000000000000003.log", "leader-epoch-checkpoint.tmp", "partition.metadata",
            ],
            test.Disk.SyncedPaths.Select(path => Path.GetDirectoryName(path) == TestLog.Directory ? Path.GetFileName(path) : path).Distinct().Order(StringComparer.Ordinal));

        var before = test.Disk.Syncs;
        test.Log.Flush();
        Assert.Equal(before, test.Disk.Syncs);
        test.Commit(TestBatches.Plain());
        test.Log.Flush();
        Assert.Equal(before + 1, test.Disk.Syncs);
    }
}
