using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

public class RecoveryTests
{
    private const string FirstSegment = "00000000000000000000.log";

    [Fact]
    public void A_log_cut_at_any_byte_keeps_every_whole_batch()
    {
        using var whole = new TestLog();
        var ends = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            whole.Commit(i % 2 == 0 ? TestBatches.Plain(records: 2) : TestBatches.Idempotent(9, sequence: i / 2 * 3, records: 3));
            ends.Add((int)whole.Log.SizeInBytes);
        }

        var content = whole.Disk.Content(whole.PathOf(FirstSegment));
        for (var cut = 0; cut <= content.Length; cut++)
        {
            var disk = whole.Disk.Copy();
            disk.SetContent(whole.PathOf(FirstSegment), content[..cut]);
            using var test = new TestLog(disk);

            var batches = ends.Count(end => end <= cut);
            Assert.Equal(batches, test.ReadAll().Count);
            Assert.Equal(batches == 0 ? 0 : ends[batches - 1], disk.Content(test.PathOf(FirstSegment)).Length);

            // The producer goes on with the first sequence that was lost, whatever the snapshots said.
            var next = batches / 2 * 3;
            Assert.Equal(test.End, test.Commit(TestBatches.Idempotent(9, next)));
            Assert.Equal(batches + 1, test.ReadAll().Count);
        }
    }

    [Fact]
    public void A_flipped_bit_before_good_batches_is_corruption_and_in_the_last_batch_a_torn_tail()
    {
        using var whole = new TestLog();
        for (var i = 0; i < 3; i++)
        {
            whole.Commit(TestBatches.Plain());
        }

        var content = whole.Disk.Content(whole.PathOf(FirstSegment));
        var size = content.Length / 3;
        for (var at = 0; at < content.Length; at++)
        {
            if (at % size is < 8 or (>= 12 and < 16))
            {
                // Base offset and leader epoch are outside the checksum.
                continue;
            }

            var disk = whole.Disk.Copy();
            var flipped = content.ToArray();
            flipped[at] ^= 0x10;
            disk.SetContent(whole.PathOf(FirstSegment), flipped);
            if (at < 2 * size)
            {
                Assert.Throws<LogCorruptException>(() => new TestLog(disk));
            }
            else
            {
                using var test = new TestLog(disk);
                Assert.Equal(2, test.End);
            }
        }
    }

    [Fact]
    public void Damage_below_the_recovery_point_is_corruption()
    {
        using var whole = new TestLog();
        whole.Commit(TestBatches.Plain());
        whole.Commit(TestBatches.Plain());
        whole.Log.Flush();
        whole.Commit(TestBatches.Plain());
        var size = (int)whole.Log.SizeInBytes / 3;
        var content = whole.Disk.Content(whole.PathOf(FirstSegment));

        whole.Disk.SetContent(whole.PathOf(FirstSegment), content[..((2 * size) + 10)]);
        whole.Kill();
        Assert.Equal(2, whole.End);

        whole.Disk.SetContent(whole.PathOf(FirstSegment), content[..(size + 10)]);
        var failure = Assert.Throws<LogCorruptException>(whole.Kill);
        Assert.Contains("below offset 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_before_a_later_segment_is_corruption_but_missing_bytes_are_not()
    {
        using var whole = new TestLog(config: LogConfig.Default with { SegmentBytes = 250 });
        for (var i = 0; i < 6; i++)
        {
            whole.Commit(TestBatches.Plain());
        }

        Assert.Equal([0, 3], whole.Log.State.Segments.Select(segment => segment.BaseOffset.Value));
        var content = whole.Disk.Content(whole.PathOf(FirstSegment));
        var garbage = content.ToArray();
        garbage[^1] ^= 1;

        var damaged = whole.Disk.Copy();
        damaged.SetContent(whole.PathOf(FirstSegment), garbage);
        Assert.Throws<LogCorruptException>(() => new TestLog(damaged));

        var cut = whole.Disk.Copy();
        cut.SetContent(whole.PathOf(FirstSegment), content[..^1]);
        using var test = new TestLog(cut, whole.Log.Config);
        Assert.Equal(2, test.End);
        Assert.Equal([FirstSegment], test.Files().Where(name => name.EndsWith(".log", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_sector_of_zeros_is_a_write_that_never_happened()
    {
        using var whole = new TestLog();
        whole.Commit(TestBatches.Plain(valueSize: 300));
        whole.Commit(TestBatches.Plain(valueSize: 1000));
        whole.Commit(TestBatches.Plain(valueSize: 1000));
        var content = whole.Disk.Content(whole.PathOf(FirstSegment));
        content.AsSpan(512, 512).Clear();
        whole.Disk.SetContent(whole.PathOf(FirstSegment), content);

        whole.Kill();

        Assert.Equal(1, whole.End);
    }

    [Fact]
    public void Only_the_recovery_points_segment_and_later_ones_are_read()
    {
        using var whole = new TestLog(config: LogConfig.Default with { SegmentBytes = 250 });
        for (var i = 0; i < 9; i++)
        {
            whole.Commit(TestBatches.Plain());
        }

        whole.Log.Flush();
        var scanned = 0L;
        using var test = new TestLog(whole.Disk, whole.Log.Config, o => o with { RecoveryPoint = new Offset(7), RecoveryProgress = bytes => scanned += bytes });

        Assert.Equal(whole.Log.State.Segments[2].Size, scanned);
        Assert.Equal(9, test.ReadAll().Count);
    }

    [Fact]
    public void Leftovers_of_unfinished_work_go_and_a_finished_cleaning_is_put_in_place()
    {
        using var whole = new TestLog(config: LogConfig.Default with { SegmentBytes = 250 });
        for (var i = 0; i < 9; i++)
        {
            whole.Commit(TestBatches.Plain());
        }

        var cleaned = whole.Disk.Content(whole.PathOf(FirstSegment))[..((int)whole.Log.SizeInBytes / 9)];
        var disk = whole.Disk.Copy();
        disk.SetContent(whole.PathOf("00000000000000000000.log.swap"), [.. cleaned, .. whole.Disk.Content(whole.PathOf("00000000000000000003.log"))]);
        disk.SetContent(whole.PathOf("00000000000000000006.log.cleaned"), [1, 2, 3]);
        disk.SetContent(whole.PathOf("00000000000000000009.log.deleted"), [1, 2, 3]);
        disk.SetContent(whole.PathOf("00000000000000000042.index"), [1, 2, 3]);
        disk.SetContent(whole.PathOf("leader-epoch-checkpoint.tmp"), [1]);

        using var test = new TestLog(disk, whole.Log.Config);

        Assert.Equal([0, 3, 4, 5, 6, 7, 8], test.ReadAll().Select(header => header.BaseOffset.Value));
        Assert.DoesNotContain(test.Files(), name => name.Contains(".swap") || name.Contains(".cleaned") || name.Contains(".deleted") || name.Contains("42") || name.Contains(".tmp"));
        Assert.Equal([0, 6], test.Log.State.Segments.Select(segment => segment.BaseOffset.Value));
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    public void A_damaged_index_is_built_anew(string suffix)
    {
        using var whole = new TestLog(config: LogConfig.Default with { SegmentBytes = 2000, IndexIntervalBytes = 100 });
        for (var i = 0; i < 60; i++)
        {
            whole.Commit(TestBatches.Plain(timestampMs: TestBatches.Time + i));
        }

        whole.Log.CloseCleanly();
        foreach (var damage in (byte[][])[[], new byte[48], [1, 2, 3]])
        {
            foreach (var name in whole.Files().Where(name => name.EndsWith(suffix, StringComparison.Ordinal)))
            {
                whole.Disk.SetContent(whole.PathOf(name), damage);
            }

            using var test = new TestLog(whole.Disk.Copy(), whole.Log.Config, o => o with { CleanShutdown = true });
            Assert.Equal(60, test.ReadAll(maxBytes: 500).Count);
            for (var i = 0; i < 60; i++)
            {
                Assert.Equal(i, test.Log.FindByTimestamp(TestBatches.Time + i).Offset.Value);
            }
        }
    }

    [Fact]
    public void A_tail_that_a_clean_shutdown_cannot_have_left_is_recovered()
    {
        using var whole = new TestLog();
        whole.Commit(TestBatches.Plain());
        whole.Commit(TestBatches.Plain());
        whole.Log.CloseCleanly();
        whole.Disk.SetContent(whole.PathOf(FirstSegment), whole.Disk.Content(whole.PathOf(FirstSegment))[..^5]);

        using var test = new TestLog(whole.Disk, options: o => o with { CleanShutdown = true });

        Assert.Equal(1, test.End);
    }

    [Fact]
    public void Epochs_are_read_from_the_batches_where_their_file_is_lost()
    {
        using var whole = new TestLog();
        whole.Commit(TestBatches.Plain(), epoch: 1);
        whole.Commit(TestBatches.Plain(), epoch: 4);
        whole.Log.CloseCleanly();

        foreach (var clean in (bool[])[true, false])
        {
            whole.Disk.SetContent(whole.PathOf("leader-epoch-checkpoint"), "0\n7\n"u8.ToArray());
            using var test = new TestLog(whole.Disk.Copy(), options: o => o with { CleanShutdown = clean });
            Assert.Equal("0\n2\n1 0\n4 1\n", test.Log.State.Epochs.Encode());
        }
    }

    [Fact]
    public void A_directory_of_another_topic_is_refused()
    {
        using var whole = new TestLog();
        whole.Commit(TestBatches.Plain());

        Assert.Throws<LogCorruptException>(() => new TestLog(whole.Disk, options: o => o with { TopicId = TopicId.Create() }));
    }
}
