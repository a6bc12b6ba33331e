using CsCheck;
using Samsa.Model;

namespace Samsa.Records.Tests;

public sealed class BatchRecompressorTests
{
    [Fact]
    public void Only_the_codec_changes() =>
        Gen.Select(TestBatches.Codec, TestBatches.Codec, TestBatches.Record.Array[1, 12], Gen.Int[0, 100]).Sample((from, to, records, sequence) =>
        {
            var rules = new BatchRules { TargetCompression = to, IsClient = false, TimestampAfterMaxMs = long.MaxValue };
            var batch = TestBatches.Build(from, records);
            RecordBatch.SetProducer(batch, new ProducerId(7), 3, sequence);
            RecordBatch.SetBaseOffset(batch, new Offset(1000));
            RecordBatch.SetLeaderEpoch(batch, new LeaderEpoch(4));
            Assert.Equal(from != to, BatchValidator.Validate(batch, rules, TestBatches.Now).NeedsRewrite);

            using var output = new RecordBuffer();
            Assert.Equal(ErrorCode.None, BatchRecompressor.Rewrite(batch, rules, output));

            Assert.True(RecordBatch.IsCrcValid(output.WrittenSpan));
            Assert.True(BatchHeader.TryRead(output.WrittenSpan, out var header));
            Assert.Equal(
                (to, 1000L, 4, 7L, (short)3, sequence),
                (header.Compression, header.BaseOffset.Value, header.LeaderEpoch.Value, header.ProducerId.Value, header.ProducerEpoch, header.BaseSequence));
            Assert.Equal(TestBatches.Text(records), TestBatches.Text(TestBatches.Read(output.Written)));
        }, iter: 150);

    [Fact]
    public void Offsets_become_consecutive()
    {
        // Kafka's recorded case of offset deltas 0, 0, 7 in a batch of three, which it accepts.
        var batch = Convert.FromHexString(
            "00000000000000000000004cffffffff0205f4d15e0000000000020000018bcfe568000000018bcfe56802ffffffffffffffffffffffffffff00000003"
            + "1000000002610262001000000002610262001000000e0261026200");
        var rules = new BatchRules { TimestampAfterMaxMs = long.MaxValue };
        Assert.True(BatchValidator.Validate(batch, rules, TestBatches.Now).NeedsRewrite);

        using var output = new RecordBuffer();
        Assert.Equal(ErrorCode.None, BatchRecompressor.Rewrite(batch, rules, output));

        var offsets = new List<long>();
        foreach (var record in RecordBatch.Records(output.Written, TestBatches.Limit))
        {
            offsets.Add(record.Offset.Value);
        }

        Assert.Equal([0, 1, 2], offsets);
        Assert.False(BatchValidator.Validate(output.Written, rules, TestBatches.Now).NeedsRewrite);
    }

    [Fact]
    public void Control_batches_are_left_as_they_are()
    {
        var marker = new EndTxnMarker(false, 3).ToBatch(new ProducerId(5), 1, TestBatches.Now);
        using var output = new RecordBuffer();
        BatchRecompressor.Rewrite(marker, new BatchRules { TargetCompression = CompressionType.Gzip }, output);
        Assert.Equal(marker, output.Written.ToArray());
    }

    [Fact]
    public void A_result_that_no_longer_fits_is_refused()
    {
        var batch = TestBatches.Build(CompressionType.Zstd, new PlainRecord(1, null, Convert.ToHexString(new byte[5000])));
        using var output = new RecordBuffer();
        var rules = new BatchRules { TargetCompression = CompressionType.None, MaxMessageBytes = 4000 };
        Assert.Equal(ErrorCode.MessageTooLarge, BatchRecompressor.Rewrite(batch, rules, output));
    }

    [Fact]
    public void Append_time_survives()
    {
        var rules = new BatchRules { TargetCompression = CompressionType.Lz4, TimestampType = TimestampType.LogAppendTime };
        var batch = TestBatches.Build(CompressionType.None, TestBatches.Simple(0, 3));
        Assert.True(BatchValidator.Validate(batch, rules, 5).IsValid);

        using var output = new RecordBuffer();
        BatchRecompressor.Rewrite(batch, rules, output);

        Assert.All(TestBatches.Read(output.Written), r => Assert.Equal(5, r.Timestamp));
    }
}
