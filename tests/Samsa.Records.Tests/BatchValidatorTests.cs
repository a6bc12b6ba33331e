using System.Buffers.Binary;
using CsCheck;
using Samsa.Model;

namespace Samsa.Records.Tests;

public sealed class BatchValidatorTests
{
    private static readonly BatchRules s_client = new() { TimestampAfterMaxMs = long.MaxValue };
    private static readonly BatchRules s_internal = s_client with { IsClient = false, AllowMultipleBatches = true };

    public static TheoryData<CompressionType> Codecs => [.. Enum.GetValues<CompressionType>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_the_builder_builds_passes(CompressionType codec) =>
        TestBatches.Record.Array[1, 20].Sample(records =>
        {
            var batch = TestBatches.Build(codec, records);

            var validation = Validate(batch, s_client);

            Assert.Null(validation.Message);
            Assert.Equal((1, records.Length, batch.Length), (validation.BatchCount, validation.RecordCount, validation.ValidBytes));
            Assert.Equal(Math.Max(-1, records.Max(r => r.Timestamp)), validation.MaxTimestamp);
            Assert.False(validation.NeedsRewrite);
            Assert.True(RecordBatch.IsCrcValid(batch));
        }, iter: 50);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Counts_that_lie_are_refused(CompressionType codec)
    {
        foreach (var claim in new[] { -1, 0, 1, 2, 4, 1000, int.MaxValue })
        {
            var batch = TestBatches.Build(codec, TestBatches.Simple(0, 3));
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(BatchLayout.RecordCount), claim);
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(BatchLayout.LastOffsetDelta), claim - 1);
            RecordBatch.UpdateCrc(batch);

            Refused(ErrorCode.InvalidRecord, batch, s_client);
            Assert.Throws<InvalidRecordException>(() => TestBatches.Read(batch));
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Records_larger_than_the_window_are_walked(CompressionType codec)
    {
        var large = new PlainRecord(TestBatches.Now, "AA", Convert.ToHexString(new byte[300_000]), ("h", Convert.ToHexString(new byte[200_000])));
        Assert.Null(Validate(TestBatches.Build(codec, large, TestBatches.Simple(), large), s_client).Message);
    }

    [Fact]
    public void A_bomb_is_refused()
    {
        var batch = TestBatches.Build(CompressionType.Zstd, new PlainRecord(1, null, Convert.ToHexString(new byte[5_000_000])));
        Refused(ErrorCode.MessageTooLarge, batch, s_client with { MaxDecompressedBytes = 1_000_000 });
    }

    [Fact]
    public void A_batch_larger_than_the_topic_allows_is_refused() =>
        Refused(ErrorCode.MessageTooLarge, TestBatches.Build(CompressionType.None, TestBatches.Simple()), s_client with { MaxMessageBytes = 60 });

    [Fact]
    public void Batches_larger_than_a_segment_are_refused() =>
        Refused(ErrorCode.RecordListTooLarge, TestBatches.Build(CompressionType.None, TestBatches.Simple()), s_client with { MaxSegmentBytes = 60 });

    [Fact]
    public void Clients_may_not_write_control_records()
    {
        var marker = new EndTxnMarker(true, 3).ToBatch(new ProducerId(5), 1, TestBatches.Now);
        Refused(ErrorCode.InvalidRecord, marker, s_client);
        Assert.Null(Validate(marker, s_internal with { Compacted = true, TargetCompression = CompressionType.Zstd }).Message);
    }

    [Fact]
    public void A_producer_id_needs_a_sequence()
    {
        var batch = TestBatches.Build(CompressionType.None, TestBatches.Simple());
        RecordBatch.SetProducer(batch, new ProducerId(5), 1, -1);
        Refused(ErrorCode.InvalidRecord, batch, s_client);
    }

    [Fact]
    public void Several_batches_pass_where_allowed_and_a_cut_one_is_left_out()
    {
        var one = TestBatches.Build(CompressionType.Lz4, TestBatches.Simple(0, 3));
        var two = TestBatches.Build(CompressionType.None, TestBatches.Simple(10, 2));

        var validation = Validate([.. one, .. two, .. one.Take(80)], s_internal);

        Assert.Equal((2, 5, one.Length + two.Length), (validation.BatchCount, validation.RecordCount, validation.ValidBytes));
        Assert.Equal((TestBatches.Now + 11, 1), (validation.MaxTimestamp, validation.BatchOfMaxTimestamp));
        Assert.Equal((CompressionType.Lz4, CompressionType.None), (validation.First.Compression, validation.Last.Compression));
    }

    [Fact]
    public void Append_time_is_stamped()
    {
        var batch = TestBatches.Build(CompressionType.Gzip, TestBatches.Simple(0, 3));

        var validation = Validate(batch, s_client with { TimestampType = TimestampType.LogAppendTime });

        Assert.Equal((TestBatches.Now, TestBatches.Now), (validation.LogAppendTimeMs, validation.MaxTimestamp));
        Assert.True(RecordBatch.IsCrcValid(batch));
        Assert.All(TestBatches.Read(batch), r => Assert.Equal(TestBatches.Now, r.Timestamp));
    }

    [Fact]
    public void A_largest_timestamp_that_lies_is_put_right()
    {
        var batch = TestBatches.Build(CompressionType.None, TestBatches.Simple(0, 3));
        RecordBatch.SetMaxTimestamp(batch, TimestampType.CreateTime, long.MaxValue);

        var validation = Validate(batch, s_client);

        Assert.Equal((TestBatches.Now + 2, TestBatches.Now + 2), (validation.MaxTimestamp, validation.First.MaxTimestamp));
        Assert.True(RecordBatch.IsCrcValid(batch));
    }

    [Fact]
    public void Each_record_out_of_time_is_named()
    {
        PlainRecord[] records = [TestBatches.Simple(), new(TestBatches.Now - 501, null, null), new(TestBatches.Now + 601, null, null), new(-1, null, null)];
        var batch = TestBatches.Build(CompressionType.Snappy, records);

        var validation = Validate(batch, s_client with { TimestampBeforeMaxMs = 500, TimestampAfterMaxMs = 600 });

        Assert.Equal(ErrorCode.InvalidTimestamp, validation.Error);
        Assert.Equal([1, 2], validation.RecordErrors!.Select(e => e.BatchIndex));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Any_timestamp_passes_where_none_is_too_far(long timestamp) =>
        Assert.Null(Validate(TestBatches.Build(CompressionType.None, new PlainRecord(timestamp, null, null)), s_client).Message);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Any_damage_is_refused_or_read_and_throws_nothing_else(CompressionType codec) =>
        Gen.Select(TestBatches.Record.Array[1, 8], Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 3], Gen.Bool)
            .Sample((records, changes, repairCrc) =>
            {
                var batch = TestBatches.Build(codec, records);
                var size = batch.Length;
                foreach (var (at, value) in changes)
                {
                    batch[at % size] = value;
                }

                if (repairCrc && BatchHeader.TryRead(batch, out var header) && header.SizeInBytes <= size)
                {
                    RecordBatch.UpdateCrc(batch);
                }

                BatchValidator.Validate(batch.ToArray(), s_internal, TestBatches.Now);
                ValidMeansReadable(batch);
            }, iter: 400);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Every_prefix_is_refused(CompressionType codec)
    {
        var batch = TestBatches.Build(codec, TestBatches.Simple(0, 3));
        for (var length = 0; length < batch.Length; length++)
        {
            Assert.False(Validate(batch[..length], s_client).IsValid);
        }
    }

    [Fact]
    public void A_check_allocates_nothing_per_record()
    {
        var batch = TestBatches.Build(CompressionType.None, TestBatches.Simple(0, 200));
        Validate(batch, s_client);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Validate(batch, s_client);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ValidMeansReadable(byte[] batch)
    {
        var valid = BatchValidator.Validate(batch, s_client, TestBatches.Now);
        try
        {
            var read = TestBatches.Read(batch);
            if (valid.IsValid)
            {
                Assert.Equal(valid.RecordCount, read.Count);
            }
        }
        catch (InvalidRecordException)
        {
            Assert.False(valid.IsValid);
        }
    }

    private static BatchValidation Validate(byte[] records, BatchRules rules) =>
        BatchValidator.Validate(records, rules, TestBatches.Now);

    private static void Refused(ErrorCode error, byte[] records, BatchRules rules) =>
        Assert.Equal(error, Validate(records, rules).Error);
}
