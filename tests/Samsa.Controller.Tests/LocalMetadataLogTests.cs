using CsCheck;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Storage;

namespace Samsa.Controller.Tests;

public sealed class LocalMetadataLogTests : IDisposable
{
    private readonly MetadataDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Changes_are_applied_when_acknowledged_and_are_there_again()
    {
        var settings = new Settings();
        await using (var log = _disk.Open(settings))
        {
            Assert.True(log.IsLeader);
            var first = await AppendAsync(log, Settings.Set("a", "1"), Settings.Set("b", "2"));
            var second = await AppendAsync(log, Settings.Set("a", "3"));
            Assert.Equal(first + 1, second);
            Assert.Equal(second + 1, log.EndOffset);
            Assert.Equal([first.Value, second.Value], settings.Applied);
            Assert.Equal("a=3 b=2", Text(settings));
        }

        var again = new Settings();
        await using var reopened = _disk.Open(again);
        Assert.Equal("a=3 b=2", Text(again));
        Assert.Equal(settings.Applied, again.Applied);
    }

    [Fact]
    public async Task No_epoch_is_led_twice()
    {
        var epochs = new List<LeaderEpoch>();
        for (var start = 0; start < 3; start++)
        {
            await using var log = _disk.Open(new Settings());
            epochs.Add(log.Epoch);
        }

        // Not even where the log lost what the node wrote as leader.
        File.WriteAllBytes(_disk.FirstSegment, []);
        await using (var log = _disk.Open(new Settings()))
        {
            epochs.Add(log.Epoch);
        }

        Assert.Equal([1, 2, 3, 4], epochs.Select(e => e.Value));
    }

    [Fact]
    public async Task A_change_is_wholly_there_or_not_at_all_wherever_a_kill_cuts_it()
    {
        var ends = new List<long>();
        await using (var log = _disk.Open(new Settings()))
        {
            ends.Add(new FileInfo(_disk.FirstSegment).Length);
            for (var i = 0; i < 4; i++)
            {
                await AppendAsync(log, Settings.Set("a", $"{i}"), Settings.Set("b", $"{i}"));
                ends.Add(new FileInfo(_disk.FirstSegment).Length);
            }
        }

        var whole = File.ReadAllBytes(_disk.FirstSegment);
        Assert.Equal(ends[^1], whole.Length);
        for (var length = (int)ends[0]; length <= whole.Length; length += 7)
        {
            using var cut = new MetadataDirectory();
            Directory.CreateDirectory(cut.LogPath);
            File.WriteAllBytes(cut.FirstSegment, whole[..length]);
            var settings = new Settings();
            await using (var log = cut.Open(settings))
            {
                var changes = ends.FindLastIndex(e => e <= length);
                Assert.Equal(changes == 0 ? "" : $"a={changes - 1} b={changes - 1}", Text(settings));
                await AppendAsync(log, Settings.Set("c", "new"));
            }

            var again = new Settings();
            await using var reopened = cut.Open(again);
            Assert.Equal("new", again.Values["c"]);
        }
    }

    [Fact]
    public async Task A_torn_last_change_is_dropped_where_its_bytes_are_zeros()
    {
        await using (var log = _disk.Open(new Settings()))
        {
            await AppendAsync(log, Settings.Set("a", "1"));
            await AppendAsync(log, Settings.Set("b", new string('x', 5000)));
        }

        using (var file = new FileStream(_disk.FirstSegment, FileMode.Open))
        {
            file.Position = file.Length - 3000;
            file.Write(new byte[3000]);
        }

        var settings = new Settings();
        await using var again = _disk.Open(settings);
        Assert.Equal("a=1", Text(settings));
    }

    [Theory]
    [InlineData(92)]
    [InlineData(100)]
    [InlineData(107)]
    [InlineData(160)]
    public async Task Damage_before_acknowledged_changes_is_refused_not_cut_off(int position)
    {
        await using (var log = _disk.Open(new Settings()))
        {
            await AppendAsync(log, Settings.Set("a", new string('x', 100)));
            await AppendAsync(log, Settings.Set("b", "2"));
        }

        var bytes = File.ReadAllBytes(_disk.FirstSegment);
        bytes[position] ^= 1;
        File.WriteAllBytes(_disk.FirstSegment, bytes);
        Assert.Throws<LogCorruptException>(() => _disk.Open(new Settings()));
        Assert.Equal(bytes, File.ReadAllBytes(_disk.FirstSegment));
    }

    [Fact]
    public async Task Snapshots_are_taken_as_the_log_grows_and_let_go_of_what_is_older()
    {
        var settings = new Settings();
        var options = _disk.Options with { MaxBytesBetweenSnapshots = 4000, SegmentBytes = 4000 };
        await using (var log = LocalMetadataLog.Open(options, settings))
        {
            for (var i = 0; i < 400; i++)
            {
                await AppendAsync(log, Settings.Set($"k{i % 20}", $"v{i}"));
            }
        }

        Assert.Equal(2, _disk.Snapshots().Length);
        Assert.False(File.Exists(_disk.FirstSegment));
        var again = new Settings();
        await using var reopened = LocalMetadataLog.Open(options, again);
        Assert.Equal(Text(settings), Text(again));
        Assert.NotNull(again.Loaded);
        Assert.True(again.Applied.Count < 100);
    }

    [Fact]
    public async Task A_damaged_snapshot_costs_a_longer_replay_and_nothing_else()
    {
        var settings = new Settings();
        var options = _disk.Options with { MaxBytesBetweenSnapshots = 4000, SegmentBytes = 4000 };
        await using (var log = LocalMetadataLog.Open(options, settings))
        {
            for (var i = 0; i < 400; i++)
            {
                await AppendAsync(log, Settings.Set($"k{i % 20}", $"v{i}"));
            }
        }

        var newest = Path.Join(_disk.LogPath, _disk.Snapshots()[^1]);
        var bytes = File.ReadAllBytes(newest);
        File.WriteAllBytes(newest, bytes[..^10]);
        var again = new Settings();
        await using (LocalMetadataLog.Open(options, again))
        {
            Assert.Equal(Text(settings), Text(again));
        }

        // With both of them damaged the beginning is lost, and nobody may pretend otherwise.
        foreach (var name in _disk.Snapshots())
        {
            File.WriteAllBytes(Path.Join(_disk.LogPath, name), []);
        }

        Assert.Throws<LogCorruptException>(() => LocalMetadataLog.Open(options, new Settings()));
    }

    [Fact]
    public void Killed_anywhere_the_acknowledged_changes_are_there_in_order() =>
        Gen.Int[1, 12].List[1, 6].Sample(runs =>
        {
            using var disk = new MetadataDirectory();
            var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var count = 0;
            foreach (var changes in runs)
            {
                var settings = new Settings();
                var log = LocalMetadataLog.Open(disk.Options with { MaxBytesBetweenSnapshots = 700, SegmentBytes = 1000 }, settings);
                Assert.Equal(expected, settings.Values);
                for (var i = 0; i < changes; i++)
                {
                    expected[$"k{count % 5}"] = $"{count++}";
                    AppendAsync(log, Settings.Set($"k{(count - 1) % 5}", $"{count - 1}")).AsTask().GetAwaiter().GetResult();
                }

                disk.Kill();
                log.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }, iter: 15, threads: 1);

    [Fact]
    public async Task What_an_unfinished_snapshot_left_is_swept()
    {
        await using (_disk.Open(new Settings()))
        {
        }

        File.WriteAllText(Path.Join(_disk.LogPath, "00000000000000000009-0000000001.checkpoint.part"), "half");
        File.WriteAllText(Path.Join(_disk.LogPath, "00000000000000000008-0000000001.checkpoint.deleted"), "old");
        await using var again = _disk.Open(new Settings());
        Assert.Empty(Directory.GetFiles(_disk.LogPath, "*.checkpoint*"));
    }

    [Fact]
    public async Task Concurrent_appends_are_serialized()
    {
        var settings = new Settings();
        await using var log = _disk.Open(settings);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AppendAsync(log, Settings.Set($"k{i}", "v"), Settings.Set($"l{i}", "v")).AsTask()));
        Assert.Equal(200, settings.Values.Count);
        Assert.Equal(settings.Applied.Order(), settings.Applied);
    }

    [Fact]
    public async Task A_closed_log_leads_no_more()
    {
        var log = _disk.Open(new Settings());
        var last = AppendAsync(log, Settings.Set("a", "1"));
        await log.DisposeAsync();
        await last;
        Assert.False(log.IsLeader);
        await Assert.ThrowsAsync<IOException>(async () => await AppendAsync(log, Settings.Set("b", "1")));
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Transactions_of_another_controller_count_when_ended_and_are_aborted_when_not()
    {
        await using (var log = _disk.Open(new Settings()))
        {
            await AppendAsync(log, new BeginTransactionRecord { Name = "one" }, Settings.Set("a", "1"));
            await AppendAsync(log, Settings.Set("b", "1"), new EndTransactionRecord());
            await AppendAsync(log, new BeginTransactionRecord { Name = "two" }, Settings.Set("a", "2"));
            await AppendAsync(log, new AbortTransactionRecord(), Settings.Set("c", "1"));
            await AppendAsync(log, new BeginTransactionRecord { Name = "open" }, Settings.Set("a", "3"));
        }

        var settings = new Settings();
        await using (var log = _disk.Open(settings))
        {
            Assert.Equal("a=1 b=1 c=1", Text(settings));
            await AppendAsync(log, Settings.Set("d", "1"));
        }

        var again = new Settings();
        await using var reopened = _disk.Open(again);
        Assert.Equal("a=1 b=1 c=1 d=1", Text(again));
    }

    [Fact]
    public async Task A_cluster_of_many_partitions_is_replayed_quickly()
    {
        await using (var log = _disk.Open(new Settings()))
        {
            for (var topic = 0; topic < 100; topic++)
            {
                var id = TopicId.Create();
                await AppendAsync(log, [new TopicRecord { Name = $"topic-{topic}", TopicId = id }, .. Enumerable.Range(0, 100).Select(p => Partition(id, p))]);
            }
        }

        // A fresh process also has to compile this code; the bound here only catches what is slow by nature.
        var started = TimeProvider.System.GetTimestamp();
        var settings = new Settings();
        await using var again = _disk.Open(settings);
        var took = TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper!.WriteLine($"10,000 partitions replayed in {took.TotalMilliseconds} ms");
        Assert.Equal(10_100, settings.Records.Count);
        Assert.True(took < TimeSpan.FromSeconds(5));
    }

    private static PartitionRecord Partition(TopicId topic, int partition) => new()
    {
        PartitionId = partition, TopicId = topic, Replicas = [new(1)], Isr = [new(1)], Leader = new(1), LeaderEpoch = new(0), PartitionEpoch = 0,
        Directories = [Guid.NewGuid()],
    };

    private static ValueTask<Offset> AppendAsync(LocalMetadataLog log, params IMetadataRecord[] records) =>
        log.AppendAsync(records, TestContext.Current.CancellationToken);

    private static string Text(Settings settings) => string.Join(' ', settings.Values.Select(v => $"{v.Key}={v.Value}"));
}
