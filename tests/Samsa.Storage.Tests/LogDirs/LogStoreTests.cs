using System.Formats.Tar;
using System.IO.Compression;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class LogStoreTests : IDisposable
{
    private static readonly TopicPartition s_orders = new("orders", 0);
    private static readonly TopicPartition s_dashed = new("topic-with-dashes", 3);
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Logs_are_back_after_a_clean_stop_without_a_scan()
    {
        var id = TopicId.Create();
        string clusterId;
        await using (var first = await _fixture.OpenAsync())
        {
            clusterId = first.Store.ClusterId;
            StoreFixture.Append(first.Store.CreateLog(s_orders, id, _fixture.Config), "a", "b");
            StoreFixture.Append(first.Store.CreateLog(s_dashed, TopicId.Create(), _fixture.Config), "c");
            Assert.False(File.Exists(_fixture.In("data", CleanShutdownMarker.FileName)));
        }

        Assert.True(File.Exists(_fixture.In("data", CleanShutdownMarker.FileName)));
        await using var again = await _fixture.OpenAsync();
        Assert.True(again.Store.Recovery.IsClean);
        Assert.Equal((2, 0L), (again.Store.Recovery.Partitions, again.Store.Recovery.BytesScanned));
        Assert.Equal(clusterId, again.Store.ClusterId);
        var orders = again[s_orders];
        Assert.Equal(id, orders.TopicId);
        Assert.Equal((new Offset(2), new Offset(2), new Offset(2)), (orders.LogEndOffset, orders.RecoveryPoint, orders.HighWatermark));
        Assert.Equal(["a", "b"], StoreFixture.Read(orders));
        Assert.Equal(["c"], StoreFixture.Read(again[s_dashed]));
        Assert.False(File.Exists(_fixture.In("data", CleanShutdownMarker.FileName)));
    }

    [Fact]
    public async Task A_stop_syncs_only_what_has_to_be_and_many_logs_at_once()
    {
        await using (var first = await _fixture.OpenAsync())
        {
            for (var i = 0; i < 40; i++)
            {
                StoreFixture.Append(first.Store.CreateLog(new("t", i), TopicId.Create(), _fixture.Config), "a");
            }
        }

        Assert.Equal((0, 1), (_fixture.Disk.Syncs, _fixture.Disk.FileSystemSyncs));
        await using (var idle = await _fixture.OpenAsync())
        {
            Assert.True(idle.Store.Recovery.IsClean);
        }

        Assert.Equal((0, 1), (_fixture.Disk.Syncs, _fixture.Disk.FileSystemSyncs));
        await using (var busy = await _fixture.OpenAsync())
        {
            StoreFixture.Append(busy[new("t", 7)], "b");
        }

        Assert.Equal((1, 1), (_fixture.Disk.Syncs, _fixture.Disk.FileSystemSyncs));
        await using var last = await _fixture.OpenAsync();
        Assert.Equal(["a", "b"], StoreFixture.Read(last[new("t", 7)]));
    }

    [Fact]
    public async Task A_stop_whose_sync_fails_leaves_no_marker_and_the_next_start_looks_for_itself()
    {
        await using (var first = await _fixture.OpenAsync())
        {
            StoreFixture.Append(first.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config), "a");
            _fixture.Disk.Fault = static (operation, path) =>
                operation == "sync" && path.EndsWith(".log", StringComparison.Ordinal) ? new IOException("Input/output error") : null;
        }

        _fixture.Disk.Fault = static (_, _) => null;
        await using var again = await _fixture.OpenAsync();
        Assert.False(again.Store.Recovery.IsClean);
        Assert.Equal(["a"], StoreFixture.Read(again[s_orders]));
    }

    [Fact]
    public async Task Logs_are_back_after_a_kill()
    {
        await using var first = await _fixture.OpenAsync();
        StoreFixture.Append(first.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config), "a", "b");
        var size = first[s_orders].SizeInBytes;
        await using var again = await _fixture.OpenAsync(_fixture.KilledCopyOf("data"));
        Assert.False(again.Store.Recovery.IsClean);
        Assert.Equal((1, size, 0), (again.Store.Recovery.SegmentsScanned, again.Store.Recovery.BytesScanned, again.Store.Recovery.BytesTruncated));
        Assert.Equal(["a", "b"], StoreFixture.Read(again[s_orders]));
    }

    [Fact]
    public async Task A_torn_tail_is_cut_off_and_told_of()
    {
        await using var first = await _fixture.OpenAsync();
        var log = first.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a");
        StoreFixture.Append(log, "b");
        var killed = _fixture.KilledCopyOf("data");
        using (var segment = new FileStream(_fixture.In(killed, "orders-0", "00000000000000000000.log"), FileMode.Open))
        {
            segment.SetLength(segment.Length - 5);
        }

        await using var again = await _fixture.OpenAsync(killed);
        Assert.Equal((log.SizeInBytes / 2) - 5, again.Store.Recovery.BytesTruncated);
        Assert.Contains("truncated", again.Store.Recovery.ToString(), StringComparison.Ordinal);
        Assert.Equal(["a"], StoreFixture.Read(again[s_orders]));
    }

    [Theory]
    [InlineData("full-clean.tar.gz", true)]
    [InlineData("unclean.tar.gz", false)]
    public async Task Directories_of_genuine_Kafka_are_opened(string archive, bool hasAllTopics)
    {
        using (var golden = new GZipStream(File.OpenRead(Path.Join(GoldenDirectory.Root(), "disk", archive)), CompressionMode.Decompress))
        {
            Directory.CreateDirectory(_fixture.In("data"));
            await TarFile.ExtractToDirectoryAsync(golden, _fixture.In("data"), overwriteFiles: false, TestContext.Current.CancellationToken);
        }

        Assert.True(OffsetCheckpoint.TryParse(File.ReadAllBytes(_fixture.In("data", CheckpointFile.HighWatermarks)), out var watermarks, out _));
        await using var open = await _fixture.OpenAsync();
        Assert.Equal("IjtZkrR2R4WcCileSzTyRw", open.Store.ClusterId);
        Assert.Empty(open.Store.OfflineLogs);
        var here = watermarks.Where(w => open.Store.TryGet(w.Key, out _)).ToList();
        Assert.Equal(hasAllTopics, here.Count == watermarks.Count);
        Assert.All(here, w => Assert.Equal(w.Value, open[w.Key].HighWatermark));
        await _fixture.UntilAsync(() => Leftovers().Length == 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_damaged_log_is_offline_and_stays_so_while_the_others_serve()
    {
        await using (var first = await _fixture.OpenAsync())
        {
            var orders = first.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
            StoreFixture.Append(orders, "a");
            StoreFixture.Append(orders, "b");
            StoreFixture.Append(first.Store.CreateLog(s_dashed, TopicId.Create(), _fixture.Config), "c");
        }

        // Below the recovery point, with no clean stop to vouch for it.
        Damage(_fixture.In("data", "orders-0", "00000000000000000000.log"), 70);
        File.Delete(_fixture.In("data", CleanShutdownMarker.FileName));
        for (var start = 0; start < 2; start++)
        {
            await using var again = await _fixture.OpenAsync();
            Assert.True(again.Store.IsOffline(s_orders, out var reason));
            Assert.Contains("00000000000000000000.log", reason, StringComparison.Ordinal);
            Assert.Equal(reason, again.Store.Recovery.Offline[s_orders]);
            Assert.False(again.Store.TryGet(s_orders, out _));
            Assert.Throws<IOException>(() => again.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config));
            Assert.Equal(["c"], StoreFixture.Read(again[s_dashed]));
        }

        // It can still be deleted.
        await using var last = await _fixture.OpenAsync();
        last.Store.DeleteLog(s_orders);
        Assert.False(last.Store.IsOffline(s_orders, out _));
        last.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
    }

    [Fact]
    public async Task A_deleted_log_is_gone_at_once_and_its_files_after_the_delay()
    {
        await using var open = await _fixture.OpenAsync();
        StoreFixture.Append(open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config), "a");
        open.Store.DeleteLog(s_orders);
        open.Store.DeleteLog(s_orders);
        Assert.False(open.Store.TryGet(s_orders, out _));
        Assert.False(Directory.Exists(_fixture.In("data", "orders-0")));
        Assert.Single(Leftovers());

        var again = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        Assert.Equal(Offset.Zero, again.LogEndOffset);
        await _fixture.UntilAsync(() => Leftovers().Length == 0, TimeSpan.FromSeconds(5));
        Assert.True(_fixture.Time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddDays(20_000) >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_a_stop_left_undeleted_goes_at_the_next_start()
    {
        await using (var open = await _fixture.OpenAsync())
        {
            open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
            open.Store.DeleteLog(s_orders);
        }

        Assert.Single(Leftovers());
        await using var again = await _fixture.OpenAsync();
        await _fixture.UntilAsync(() => Leftovers().Length == 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_log_of_another_topic_id_is_set_aside_not_reused()
    {
        await using var open = await _fixture.OpenAsync();
        StoreFixture.Append(open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config), "old");
        var id = TopicId.Create();
        var made = open.Store.CreateLog(s_orders, id, _fixture.Config);
        Assert.Equal((id, Offset.Zero), (made.TopicId, made.LogEndOffset));
        Assert.Same(made, open.Store.CreateLog(s_orders, id, _fixture.Config));
        Assert.Single(Directory.GetDirectories(_fixture.In("data"), "*-stray"));
    }

    [Fact]
    public async Task Strange_directories_are_left_alone()
    {
        Directory.CreateDirectory(_fixture.In("data", "lost+found"));
        Directory.CreateDirectory(_fixture.In("data", "__cluster_metadata-0"));
        Directory.CreateDirectory(_fixture.In("data", "orders-0.2e66ecd812db4009882573a351a72131-stray"));
        await using var open = await _fixture.OpenAsync();
        Assert.Empty(open.Store.Logs);
        Assert.Equal(3, Directory.GetDirectories(_fixture.In("data")).Length);
    }

    [Fact]
    public async Task Checkpoints_are_written_as_time_goes_by()
    {
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a", "b");
        log.Flush();
        await _fixture.UntilAsync(
            () => Checkpoint(CheckpointFile.RecoveryPoints) == "0\n1\norders 0 2\n"
                && Checkpoint(CheckpointFile.HighWatermarks) == "0\n1\norders 0 2\n"
                && Checkpoint(CheckpointFile.LogStartOffsets) == "0\n0\n",
            TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Retention_runs_by_itself()
    {
        _fixture.Config = _fixture.Config with { SegmentBytes = 200, RetentionBytes = 200 };
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        for (var i = 0; i < 20; i++)
        {
            StoreFixture.Append(log, "some value", "another");
        }

        await _fixture.UntilAsync(() => log.LogStartOffset > Offset.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Flush_ms_syncs_by_itself()
    {
        _fixture.Config = _fixture.Config with { FlushMs = 200 };
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a");
        Assert.Equal(Offset.Zero, log.RecoveryPoint);
        await _fixture.UntilAsync(() => log.RecoveryPoint == new Offset(1), TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_closed_segment_is_synced_by_itself()
    {
        _fixture.Config = _fixture.Config with { SegmentBytes = 200 };
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        for (var i = 0; i < 5; i++)
        {
            StoreFixture.Append(log, "some value", "another");
        }

        await _fixture.UntilAsync(() => log.RecoveryPoint > Offset.Zero, TimeSpan.Zero);
    }

    [Fact]
    public async Task New_logs_go_where_the_fewest_are_and_all_are_found_again()
    {
        await using (var open = await _fixture.OpenAsync("a", "b"))
        {
            for (var i = 0; i < 6; i++)
            {
                open.Store.CreateLog(new TopicPartition("t", i), TopicId.Create(), _fixture.Config);
            }

            Assert.Equal(3, Directory.GetDirectories(_fixture.In("a")).Length);
            Assert.Equal(3, Directory.GetDirectories(_fixture.In("b")).Length);
        }

        await using var again = await _fixture.OpenAsync("b", "a");
        Assert.True(again.Store.Recovery.IsClean);
        Assert.Equal(6, again.Store.Logs.Count());
    }

    [Fact]
    public async Task A_partition_that_stands_in_two_directories_is_offline()
    {
        await using (var open = await _fixture.OpenAsync("a", "b"))
        {
            open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
            open.Store.CreateLog(s_dashed, TopicId.Create(), _fixture.Config);
        }

        foreach (var directory in new[] { "a", "b" })
        {
            Directory.CreateDirectory(_fixture.In(directory, "orders-0"));
        }

        await using var again = await _fixture.OpenAsync("a", "b");
        Assert.True(again.Store.IsOffline(s_orders, out var reason));
        Assert.Contains(_fixture.In("a"), reason, StringComparison.Ordinal);
        Assert.True(again.Store.TryGet(s_dashed, out _));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_read_takes_only_its_own_logs_with_it()
    {
        await using (var open = await _fixture.OpenAsync("a", "b"))
        {
            open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
            open.Store.CreateLog(s_dashed, TopicId.Create(), _fixture.Config);
        }

        _fixture.Disk.Fault = (operation, path) =>
            operation == "delete" && path == _fixture.In("a", CleanShutdownMarker.FileName) ? new IOException("Input/output error") : null;
        await using var again = await _fixture.OpenAsync("a", "b");
        var here = Assert.Single(again.Store.Logs);
        Assert.StartsWith(_fixture.In("b"), here.Directory, StringComparison.Ordinal);
        Assert.Equal(_fixture.In("a"), Assert.Single(again.Store.Recovery.OfflineDirectories).Key);
        Assert.StartsWith(_fixture.In("b"), again.Store.CreateLog(new("new", 0), TopicId.Create(), _fixture.Config).Directory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_a_scan_and_nothing_else()
    {
        await using (var open = await _fixture.OpenAsync())
        {
            StoreFixture.Append(open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config), "a", "b");
        }

        File.WriteAllText(_fixture.In("data", CheckpointFile.RecoveryPoints), "0\n7\n");
        await using var again = await _fixture.OpenAsync();
        Assert.False(again.Store.Recovery.IsClean);
        Assert.Equal(["a", "b"], StoreFixture.Read(again[s_orders]));
    }

    [Fact]
    public async Task Opening_tells_how_far_it_is()
    {
        await using (var open = await _fixture.OpenAsync())
        {
            for (var i = 0; i < 50; i++)
            {
                StoreFixture.Append(open.Store.CreateLog(new("t", i), TopicId.Create(), _fixture.Config), "a");
            }
        }

        File.Delete(_fixture.In("data", CleanShutdownMarker.FileName));
        var reports = new List<RecoveryProgress>();
        using var claimed = LogDirectories.Claim(_fixture.Disk, [_fixture.In("data")], new BrokerId(1), null);
        var options = new LogStoreOptions { Directories = claimed, ConfigFor = _ => _fixture.Config };
        await using var store = await LogStore.OpenAsync(options, new Collector(reports), TestContext.Current.CancellationToken);
        Assert.Equal(new RecoveryProgress(50, 50, store.Recovery.BytesScanned), reports[^1]);
    }

    private static void Damage(string file, int position)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Position = position;
        var old = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)~old);
    }

    private string[] Leftovers() => Directory.GetDirectories(_fixture.In("data"), "*-delete");

    private string? Checkpoint(string name) =>
        File.Exists(_fixture.In("data", name)) ? File.ReadAllText(_fixture.In("data", name)) : null;

    private sealed class Collector(List<RecoveryProgress> reports) : IProgress<RecoveryProgress>
    {
        public void Report(RecoveryProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
