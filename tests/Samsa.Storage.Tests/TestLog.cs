using Microsoft.Extensions.Time.Testing;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

/// <summary>A log on a simulated disk, and short names for what tests do with it.</summary>
internal sealed class TestLog : IDisposable
{
    public const string Directory = "/logs/orders-0";

    public TestLog(SimulatedDisk? disk = null, LogConfig? config = null, Func<PartitionLogOptions, PartitionLogOptions>? options = null)
    {
        Disk = disk ?? new SimulatedDisk();
        var start = new PartitionLogOptions
        {
            FileSystem = Disk,
            Directory = Directory,
            Partition = new TopicPartition("orders", 0),
            TopicId = new TopicId(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
            Config = config ?? LogConfig.Default,
            TimeProvider = Clock,
        };
        Options = options?.Invoke(start) ?? start;
        Log = PartitionLog.Open(Options);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(TestBatches.Time));

    public SimulatedDisk Disk { get; private set; }

    public PartitionLogOptions Options { get; private set; }

    public PartitionLog Log { get; private set; }

    public long End => Log.LogEndOffset.Value;

    public AppendOutcome Append(byte[] batch, int epoch = 0, AppendOrigin origin = AppendOrigin.Client) =>
        Log.AppendAsLeader(batch, new LeaderEpoch(epoch), origin);

    /// <summary>Appends, and lets the high watermark follow, as on a partition with one replica.</summary>
    public long Commit(byte[] batch, int epoch = 0, AppendOrigin origin = AppendOrigin.Client)
    {
        var outcome = Append(batch, epoch, origin);
        Assert.Equal((ErrorCode.None, null), (outcome.Error, outcome.Message));
        Log.AdvanceHighWatermark(Log.LogEndOffset);
        return outcome.FirstOffset.Value;
    }

    /// <summary>The headers of all batches in the log, read in pieces.</summary>
    public List<BatchHeader> ReadAll(int maxBytes = 1 << 20) => ReadAll(Log, maxBytes);

    public static List<BatchHeader> ReadAll(PartitionLog log, int maxBytes = 1 << 20)
    {
        var headers = new List<BatchHeader>();
        var from = log.LogStartOffset;
        while (from < log.LogEndOffset)
        {
            var outcome = log.Read(from, maxBytes, log.LogEndOffset, atLeastOneBatch: true);
            Assert.Equal(ErrorCode.None, outcome.Error);
            if (outcome.Slice is not { } slice)
            {
                break;
            }

            var bytes = new byte[slice.Length];
            slice.CopyTo(bytes);
            slice.Dispose();
            var whole = 0;
            foreach (var batch in RecordBatch.Enumerate(bytes))
            {
                Assert.True(RecordBatch.IsCrcValid(batch.Bytes.Span));
                headers.Add(batch.Header);
                whole += batch.Header.SizeInBytes;
            }

            Assert.Equal(bytes.Length, whole);
            Assert.True(outcome.NextOffset > from);
            from = outcome.NextOffset;
        }

        return headers;
    }

    /// <summary>The process ends without a word; the disk has everything it was given.</summary>
    public void Kill() => Reopen(Disk, clean: false);

    public void CloseAndReopen()
    {
        Log.CloseCleanly();
        Reopen(Disk, clean: true);
    }

    public void Reopen(SimulatedDisk disk, bool clean, Offset? recoveryPoint = null)
    {
        var before = Log;
        before.Dispose();
        Disk = disk;
        Options = Options with
        {
            FileSystem = disk,
            CleanShutdown = clean,
            RecoveryPoint = recoveryPoint ?? before.RecoveryPoint,
            LogStartOffset = before.LogStartOffset,
            HighWatermark = before.HighWatermark,
            Config = before.Config,
        };
        Log = PartitionLog.Open(Options);
    }

    public string[] Files() => [.. Disk.ListFiles(Directory).Select(file => file.Name).Order()];

    public string PathOf(string name) => Path.Join(Directory, name);

    public void Dispose() => Log.Dispose();
}
