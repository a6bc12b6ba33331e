using BenchmarkDotNet.Attributes;
using Samsa.Model;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Benchmarks;

/// <summary>Appends to, and sequential reads from, a partition's log in the temporary directory; nothing is synced.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class LogBenchmarks
{
    private const long MostBytes = 1L << 30;
    private const int FetchBytes = 1 << 20;

    private readonly byte[] _destination = new byte[2 * FetchBytes];
    private string _directory = "";
    private PartitionLog? _log;
    private byte[] _batch = [];
    private Offset _next;

    [Params(1024, 16 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _directory = Directory.CreateTempSubdirectory("samsa-bench-").FullName;
        _batch = SampleRecords.Batch(CompressionType.None, Size - BatchHeader.Length, 1000);
        _log = PartitionLog.Open(new PartitionLogOptions
        {
            FileSystem = PhysicalFileSystem.Instance,
            Directory = Path.Join(_directory, "orders-0"),
            Partition = new TopicPartition("orders", 0),
            TopicId = TopicId.Create(),
            Config = LogConfig.Default with
            {
                SegmentBytes = 1 << 28,
                MaxMessageBytes = 2 << 20,
                RetentionMs = -1,
                FileDeleteDelayMs = 0,
                TimestampAfterMaxMs = long.MaxValue,
            },
        });
        for (var written = 0; written < 64 << 20; written += _batch.Length)
        {
            _ = Append();
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _log!.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Validation included: checksum and a walk over the records.</summary>
    [Benchmark]
    public Offset Append()
    {
        RecordBatch.SetBaseOffset(_batch, Offset.Zero);
        var outcome = _log!.AppendAsLeader(_batch, new LeaderEpoch(0), AppendOrigin.Client);
        _log.AdvanceHighWatermark(_log.LogEndOffset);
        if (_log.SizeInBytes > MostBytes)
        {
            _log.AdvanceLogStartOffset(_log.HighWatermark);
            _ = _log.DeleteExpiredSegments(0);
            _ = _log.DeleteExpiredSegments(1);
        }

        return outcome.LastOffset;
    }

    [Benchmark]
    public int Read1Mb()
    {
        if (_next >= _log!.LogEndOffset || _next < _log.LogStartOffset)
        {
            _next = _log.LogStartOffset;
        }

        var outcome = _log.Read(_next, FetchBytes, _log.HighWatermark, atLeastOneBatch: true);
        using var slice = outcome.Slice!;
        slice.CopyTo(_destination);
        _next = outcome.NextOffset;
        return slice.Length;
    }
}
