using Samsa.Model;

namespace Samsa.Records.Tests;

public sealed class RecordBatchTests
{
    private readonly byte[] _batch = TestBatches.Build(CompressionType.None, TestBatches.Simple(0, 3));

    [Fact]
    public void Offset_and_leader_epoch_change_without_touching_the_checksum()
    {
        RecordBatch.SetBaseOffset(_batch, new Offset(77));
        RecordBatch.SetLeaderEpoch(_batch, new LeaderEpoch(5));

        Assert.True(RecordBatch.IsCrcValid(_batch));
        Assert.True(BatchHeader.TryRead(_batch, out var header));
        Assert.Equal((77L, 79L, 5), (header.BaseOffset.Value, header.LastOffset.Value, header.LeaderEpoch.Value));
    }

    [Fact]
    public void Append_time_and_producer_keep_the_checksum_right()
    {
        RecordBatch.SetLogAppendTime(_batch, 99);
        RecordBatch.SetProducer(_batch, new ProducerId(8), 2, int.MaxValue);

        Assert.True(RecordBatch.IsCrcValid(_batch));
        Assert.True(BatchHeader.TryRead(_batch, out var header));
        Assert.Equal((TimestampType.LogAppendTime, 99L), (header.TimestampType, header.MaxTimestamp));
        Assert.Equal((8L, (short)2, 1), (header.ProducerId.Value, header.ProducerEpoch, header.LastSequence));
    }

    [Fact]
    public void Any_flipped_bit_from_the_attributes_on_breaks_the_checksum()
    {
        for (var at = BatchLayout.Attributes; at < _batch.Length; at++)
        {
            _batch[at] ^= 0x10;
            Assert.False(RecordBatch.IsCrcValid(_batch));
            _batch[at] ^= 0x10;
        }
    }

    [Fact]
    public void Enumeration_stops_at_a_batch_cut_short()
    {
        var bytes = _batch.Concat(_batch).Concat(_batch.Take(70)).ToArray();
        var batches = RecordBatch.Enumerate(bytes);
        var positions = new List<int>();
        while (batches.MoveNext())
        {
            positions.Add(batches.Current.Position);
        }

        Assert.Equal([0, _batch.Length], positions);
        Assert.Equal(2 * _batch.Length, batches.Position);
    }

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue - 1, 3, 1)]
    public void Sequences_wrap_to_zero(int from, int records, int to)
    {
        Assert.Equal(to, RecordBatch.AddSequence(from, records));
        Assert.Equal(from, RecordBatch.SubtractSequence(to, records));
    }
}
