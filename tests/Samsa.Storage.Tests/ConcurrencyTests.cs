using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

public class ConcurrencyTests
{
    [Fact]
    public async Task Readers_beside_a_writer_see_whole_batches_in_order_and_nothing_past_their_limit()
    {
        const int Batches = 4000;
        using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 20_000, IndexIntervalBytes = 1000, RetentionBytes = 200_000, RetentionMs = -1, FileDeleteDelayMs = 0 });
        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => ReadToEnd(test.Log, Batches, new Random(seed)))).ToArray();
        var random = new Random(42);
        for (var i = 0; i < Batches; i++)
        {
            test.Commit(TestBatches.Plain(records: 1, valueSize: random.Next(200), timestampMs: TestBatches.Time + i));
            if (i % 100 == 99)
            {
                test.Log.Flush();
                _ = test.Log.DeleteExpiredSegments(TestBatches.Time);
            }
        }

        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static void ReadToEnd(PartitionLog log, int end, Random random)
    {
        var from = log.LogStartOffset;
        var buffer = new byte[70_000];
        while (from.Value < end)
        {
            var limit = random.Next(2) == 0 ? log.HighWatermark : Offset.Min(log.HighWatermark, from + 3);
            var outcome = log.Read(from, random.Next(1, 60_000), limit, atLeastOneBatch: true);
            if (outcome.Error == ErrorCode.OffsetOutOfRange)
            {
                from = log.LogStartOffset;
                continue;
            }

            Assert.Equal(ErrorCode.None, outcome.Error);
            using var slice = outcome.Slice;
            if (slice is null)
            {
                _ = Thread.Yield();
                continue;
            }

            slice.CopyTo(buffer);
            var at = 0;
            while (at < slice.Length)
            {
                Assert.True(RecordBatch.IsCrcValid(buffer.AsSpan(at..slice.Length)));
                Assert.True(BatchHeader.TryRead(buffer.AsSpan(at), out var header));
                Assert.Equal(from, header.BaseOffset);
                Assert.True(header.LastOffset < limit);
                from = header.NextOffset;
                at += header.SizeInBytes;
            }

            Assert.Equal(from, outcome.NextOffset);
            _ = log.FindByTimestamp(TestBatches.Time + random.Next(end));
        }
    }
}
