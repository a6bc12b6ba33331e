using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

/// <summary>Batches as producers send them.</summary>
internal static class TestBatches
{
    public const long Time = 1_700_000_000_000;

    public static byte[] Plain(int records = 1, int valueSize = 10, long timestampMs = Time, byte fill = 7)
    {
        using var builder = new RecordBatchBuilder();
        return Build(builder, records, valueSize, timestampMs, fill);
    }

    public static byte[] Idempotent(long producer, int sequence, int records = 1, short epoch = 0, bool transactional = false, long timestampMs = Time)
    {
        using var builder = new RecordBatchBuilder
        {
            ProducerId = new ProducerId(producer),
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = transactional,
        };
        return Build(builder, records, 10, timestampMs, 1);
    }

    public static byte[] Marker(long producer, bool commit, short epoch = 0, long timestampMs = Time) =>
        new EndTxnMarker(commit, CoordinatorEpoch: 0).ToBatch(new ProducerId(producer), epoch, timestampMs);

    /// <summary>A batch as a leader hands it to followers.</summary>
    public static byte[] At(byte[] batch, long offset, int epoch = 0)
    {
        RecordBatch.SetBaseOffset(batch, new Offset(offset));
        RecordBatch.SetLeaderEpoch(batch, new LeaderEpoch(epoch));
        return batch;
    }

    private static byte[] Build(RecordBatchBuilder builder, int records, int valueSize, long timestampMs, byte fill)
    {
        var value = new byte[valueSize];
        value.AsSpan().Fill(fill);
        for (var i = 0; i < records; i++)
        {
            builder.Append(timestampMs + i, null, value);
        }

        return builder.Build().ToArray();
    }
}
