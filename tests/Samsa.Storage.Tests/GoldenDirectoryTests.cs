using System.Text.Json;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

/// <summary>Directories of a genuine Kafka 3.9.1 are read, recovered, and written byte for byte.</summary>
public class GoldenDirectoryTests
{
    public static TheoryData<string, string> CleanPartitions => new()
    {
        { "codecs-as-sent.tar.gz", "codec-none-0" },
        { "codecs-as-sent.tar.gz", "codec-gzip-0" },
        { "codecs-as-sent.tar.gz", "codec-snappy-0" },
        { "codecs-as-sent.tar.gz", "codec-lz4-0" },
        { "codecs-as-sent.tar.gz", "codec-zstd-0" },
        { "codecs-broker.tar.gz", "brk-zstd-0" },
        { "headers-nulls.tar.gz", "headers-0" },
        { "headers-nulls.tar.gz", "logappend-0" },
        { "segments.tar.gz", "segments-0" },
        { "idempotent.tar.gz", "idemp-0" },
        { "transactions.tar.gz", "txlog-0" },
        { "transactions.tar.gz", "__transaction_state-0" },
        { "delete-records-before.tar.gz", "delrec-0" },
        { "delete-records-after.tar.gz", "delrec-0" },
        { "compacted.tar.gz", "compact-0" },
        { "leader-epochs.tar.gz", "epochs-0" },
        { "leader-epochs.tar.gz", "epochs-1" },
        { "group-offsets.tar.gz", "__consumer_offsets-1" },
    };

    [Theory]
    [MemberData(nameof(CleanPartitions))]
    public void A_cleanly_closed_directory_reads_as_the_manifest_says(string archive, string partition)
    {
        var manifest = GoldenDirectory.Manifest(archive, partition);
        using var log = Open(GoldenDirectory.Unpack(archive, partition), partition, clean: true);

        AssertBatches(manifest, log);
        AssertIndexes(manifest, log);
        AssertNewestSnapshot(manifest, log);
        Assert.Equal(manifest["leader-epoch-checkpoint"].GetProperty("text").GetString(), log.State.Epochs.Encode());
        Assert.EndsWith(log.TopicId.ToString(), manifest["partition.metadata"].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CleanPartitions))]
    public void Recovery_of_the_whole_directory_builds_what_Kafka_had(string archive, string partition)
    {
        var manifest = GoldenDirectory.Manifest(archive, partition);
        var config = ConfigOf(partition) with { CleanupCompact = partition == "compact-0" };
        using var log = Open(GoldenDirectory.Unpack(archive, partition), partition, clean: false, config: config);

        AssertBatches(manifest, log);
        foreach (var segment in log.State.Segments)
        {
            segment.PersistIndexes();
        }

        AssertIndexes(manifest, log);
        AssertNewestSnapshot(manifest, log);
    }

    [Theory]
    [InlineData("codecs-as-sent.tar.gz", "codec-none-0")]
    [InlineData("codecs-as-sent.tar.gz", "codec-zstd-0")]
    [InlineData("headers-nulls.tar.gz", "headers-0")]
    [InlineData("headers-nulls.tar.gz", "logappend-0")]
    [InlineData("segments.tar.gz", "segments-0")]
    [InlineData("idempotent.tar.gz", "idemp-0")]
    [InlineData("transactions.tar.gz", "txlog-0")]
    [InlineData("leader-epochs.tar.gz", "epochs-0")]
    public void The_same_batches_give_the_same_files(string archive, string partition)
    {
        var golden = GoldenDirectory.Unpack(archive, partition);
        using var source = Open(golden, partition, clean: true);
        var disk = new SimulatedDisk();
        using (var log = Open(disk, partition, clean: false, ConfigOf(partition), topicId: source.TopicId))
        {
            foreach (var batch in ReadBatches(source))
            {
                Assert.Equal(ErrorCode.None, log.AppendAsFollower(batch));
            }

            log.AdvanceHighWatermark(log.LogEndOffset);
            log.CloseCleanly();
        }

        var names = golden.ListFiles(source.Directory).Select(file => file.Name)
            .Where(name => name != "leader-epoch-checkpoint").Order().ToArray();
        Assert.Equal(names, disk.ListFiles(source.Directory).Select(file => file.Name).Where(name => name != "leader-epoch-checkpoint").Order());
        foreach (var name in names)
        {
            var path = Path.Join(source.Directory, name);
            Assert.True(golden.Content(path).AsSpan().SequenceEqual(disk.Content(path)), $"{name} differs");
        }
    }

    [Theory]
    [InlineData("segments-0", 55)]
    [InlineData("txlog-0", 35)]
    [InlineData("idemp-0", 0)]
    [InlineData("compact-0", 27)]
    [InlineData("epochs-0", 0)]
    [InlineData("delrec-0", 9)]
    [InlineData("codec-none-0", 0)]
    [InlineData("__consumer_offsets-0", 0)]
    [InlineData("__transaction_state-0", 0)]
    public void A_killed_brokers_directory_is_recovered_from_its_recovery_point(string partition, long recoveryPoint)
    {
        const string Archive = "unclean.tar.gz";
        var manifest = GoldenDirectory.Manifest(Archive, partition);
        using var log = Open(GoldenDirectory.Unpack(Archive, partition), partition, clean: false, ConfigOf(partition), recoveryPoint);

        AssertBatches(manifest, log);
        AssertIndexes(manifest, log);
        AssertNewestSnapshot(manifest, log);

        log.CloseCleanly();
        using var again = Open(log.State.Files.Disk, partition, clean: true);
        AssertBatches(manifest, again);
        Assert.All(
            again.State.Files.Disk.ListFiles(again.Directory).Where(file => file.Name.EndsWith("index", StringComparison.Ordinal)),
            file => Assert.True(file.Length < 1000, $"{file.Name} is {file.Length} bytes"));
    }

    [Fact]
    public void An_idempotent_producer_goes_on_after_a_genuine_kill()
    {
        using var log = Open(GoldenDirectory.Unpack("unclean.tar.gz", "idemp-0"), "idemp-0", clean: false);

        var duplicate = log.AppendAsLeader(TestBatches.Idempotent(0, sequence: 0, epoch: 1), new LeaderEpoch(1), AppendOrigin.Client);
        var next = log.AppendAsLeader(TestBatches.Idempotent(0, sequence: 1, epoch: 1), new LeaderEpoch(1), AppendOrigin.Client);

        Assert.Equal((true, 6L), (duplicate.IsDuplicate, duplicate.FirstOffset.Value));
        Assert.Equal((ErrorCode.None, 7L), (next.Error, next.FirstOffset.Value));
    }

    [Fact]
    public void The_open_transaction_of_a_killed_broker_holds_the_last_stable_offset()
    {
        using var log = Open(GoldenDirectory.Unpack("unclean.tar.gz", "txlog-0"), "txlog-0", clean: false, recoveryPoint: 35);
        log.AdvanceHighWatermark(log.LogEndOffset);

        Assert.Equal((40, 36), (log.LogEndOffset.Value, log.LastStableOffset.Value));
        Assert.Equal([(2, 5), (1, 15), (3, 25)], log.AbortedTransactionsIn(Offset.Zero, new Offset(40)).Select(t => ((int)t.Producer.Value, (int)t.FirstOffset.Value)));
        Assert.Equal([(1, 15)], log.AbortedTransactionsIn(new Offset(17), new Offset(20)).Select(t => ((int)t.Producer.Value, (int)t.FirstOffset.Value)));
    }

    private static LogConfig ConfigOf(string partition) => partition switch
    {
        "segments-0" => LogConfig.Default with { SegmentBytes = 2000, IndexIntervalBytes = 300 },
        "txlog-0" => LogConfig.Default with { SegmentBytes = 1000 },
        _ => LogConfig.Default,
    };

    private static PartitionLog Open(IFileSystem disk, string partition, bool clean, LogConfig? config = null, long recoveryPoint = 0, TopicId topicId = default)
    {
        var dash = partition.LastIndexOf('-');
        return PartitionLog.Open(new PartitionLogOptions
        {
            FileSystem = disk,
            Directory = Path.Join("/logs", partition),
            Partition = new TopicPartition(partition[..dash], int.Parse(partition[(dash + 1)..])),
            TopicId = topicId,
            CleanShutdown = clean,
            RecoveryPoint = new Offset(recoveryPoint),
            Config = config ?? ConfigOf(partition),
        });
    }

    private static void AssertBatches(Dictionary<string, JsonElement> manifest, PartitionLog log)
    {
        var expected = manifest.Where(file => file.Key.EndsWith(".log", StringComparison.Ordinal)).OrderBy(file => file.Key)
            .SelectMany(file => file.Value.GetProperty("batches").EnumerateArray())
            .Select(batch => (batch.GetProperty("baseOffset").GetInt64(), batch.GetProperty("size").GetInt32(), batch.GetProperty("crc").GetUInt32()));
        var actual = TestLog.ReadAll(log, maxBytes: 300).Select(header => (header.BaseOffset.Value, header.SizeInBytes, header.Crc));
        Assert.Equal(expected, actual);
    }

    private static void AssertIndexes(Dictionary<string, JsonElement> manifest, PartitionLog log)
    {
        foreach (var segment in log.State.Segments)
        {
            var indexes = segment.Indexes();
            if (manifest[LogFiles.NameOf(segment.BaseOffset, ".index")] is var offsets && offsets.TryGetProperty("entries", out var positions))
            {
                Assert.Equal(
                    positions.EnumerateArray().Select(entry => (entry[0].GetInt32(), entry[1].GetInt32())),
                    indexes.Offsets.Entries.ToArray().Select(entry => (entry.RelativeOffset, entry.Position)));
            }

            if (manifest[LogFiles.NameOf(segment.BaseOffset, ".timeindex")] is var times && times.TryGetProperty("entries", out var entries))
            {
                Assert.Equal(
                    entries.EnumerateArray().Select(entry => (entry[0].GetInt64(), entry[1].GetInt32())),
                    indexes.Times.Entries.ToArray().Select(entry => (entry.TimestampMs, entry.RelativeOffset)));
            }

            if (manifest.TryGetValue(LogFiles.NameOf(segment.BaseOffset, ".txnindex"), out var aborted))
            {
                Assert.Equal(
                    aborted.GetProperty("entries").EnumerateArray().Select(entry => (
                        entry.GetProperty("producerId").GetInt64(), entry.GetProperty("firstOffset").GetInt64(),
                        entry.GetProperty("lastOffset").GetInt64(), entry.GetProperty("lastStableOffset").GetInt64())),
                    segment.Aborted().Select(t => (t.Producer.Value, t.FirstOffset.Value, t.LastOffset.Value, t.LastStableOffset.Value)));
            }
        }
    }

    private static void AssertNewestSnapshot(Dictionary<string, JsonElement> manifest, PartitionLog log)
    {
        var name = LogFiles.NameOf(log.LogEndOffset, ".snapshot");
        if (manifest.TryGetValue(name, out var snapshot))
        {
            Assert.Equal(
                snapshot.GetProperty("entries").EnumerateArray().Select(entry => new ProducerSnapshotEntry(
                    new ProducerId(entry.GetProperty("producerId").GetInt64()),
                    entry.GetProperty("producerEpoch").GetInt16(),
                    entry.GetProperty("lastSequence").GetInt32(),
                    new Offset(entry.GetProperty("lastOffset").GetInt64()),
                    entry.GetProperty("offsetDelta").GetInt32(),
                    entry.GetProperty("timestamp").GetInt64(),
                    entry.GetProperty("coordinatorEpoch").GetInt32(),
                    new Offset(entry.GetProperty("currentTxnFirstOffset").GetInt64()))),
                log.State.Producers.ToSnapshot());
        }
    }

    private static List<byte[]> ReadBatches(PartitionLog log)
    {
        var batches = new List<byte[]>();
        var from = log.LogStartOffset;
        while (from < log.LogEndOffset && log.Read(from, 1, log.LogEndOffset, true) is { Slice: { } slice } outcome)
        {
            var bytes = new byte[slice.Length];
            slice.CopyTo(bytes);
            slice.Dispose();
            batches.Add(bytes);
            from = outcome.NextOffset;
        }

        return batches;
    }
}
