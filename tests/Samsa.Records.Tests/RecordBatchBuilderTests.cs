using CsCheck;
using Samsa.Model;

namespace Samsa.Records.Tests;

public sealed class RecordBatchBuilderTests
{
    [Fact]
    public void What_is_built_is_read_back_with_every_codec() =>
        Gen.Select(TestBatches.Codec, TestBatches.Record.Array[0, 20]).Sample((codec, records) =>
        {
            var batch = TestBatches.Build(codec, records);

            Assert.True(RecordBatch.IsCrcValid(batch));
            Assert.Equal(TestBatches.Text(records), TestBatches.Text(TestBatches.Read(batch)));
        }, iter: 150);

    [Fact]
    public void Every_header_field_is_read_back() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Int, Gen.Long, Gen.Short, Gen.Int[0, int.MaxValue], Gen.Bool, Gen.Bool)
            .Sample((offset, epoch, producer, producerEpoch, sequence, transactional, control) =>
            {
                using var builder = new RecordBatchBuilder
                {
                    BaseOffset = new Offset(offset),
                    LeaderEpoch = new LeaderEpoch(epoch),
                    ProducerId = new ProducerId(producer),
                    ProducerEpoch = producerEpoch,
                    BaseSequence = sequence,
                    IsTransactional = transactional,
                    IsControl = control,
                };
                TestBatches.Simple(3).AppendTo(builder);
                TestBatches.Simple(9).AppendTo(builder);
                TestBatches.Simple(1).AppendTo(builder);
                var batch = builder.Build();

                Assert.True(BatchHeader.TryRead(batch.Span, out var header));
                Assert.Equal(batch.Length, header.SizeInBytes);
                Assert.Equal(offset, header.BaseOffset.Value);
                Assert.Equal(offset + 2, header.LastOffset.Value);
                Assert.Equal(offset + 3, header.NextOffset.Value);
                Assert.Equal(epoch, header.LeaderEpoch.Value);
                Assert.Equal(producer, header.ProducerId.Value);
                Assert.Equal(producerEpoch, header.ProducerEpoch);
                Assert.Equal(sequence, header.BaseSequence);
                Assert.Equal((int)((sequence + 2L) % (1L << 31)), header.LastSequence);
                Assert.Equal((transactional, control), (header.IsTransactional, header.IsControl));
                Assert.Equal((TestBatches.Now + 3, TestBatches.Now + 9), (header.BaseTimestamp, header.MaxTimestamp));
                Assert.Equal(3, header.RecordCount);
            });

    [Fact]
    public void A_builder_may_be_used_again()
    {
        using var builder = new RecordBatchBuilder { Compression = CompressionType.Lz4 };
        TestBatches.Simple(1).AppendTo(builder);
        builder.Build();
        builder.Clear();
        TestBatches.Simple(2).AppendTo(builder);

        Assert.Equal(TestBatches.Text([TestBatches.Simple(2)]), TestBatches.Text(TestBatches.Read(builder.Build())));
    }

    [Fact]
    public void Append_time_overrules_the_records_own()
    {
        using var builder = new RecordBatchBuilder { LogAppendTimeMs = 42 };
        TestBatches.Simple(1).AppendTo(builder);

        Assert.Equal(42, TestBatches.Read(builder.Build())[0].Timestamp);
    }
}
