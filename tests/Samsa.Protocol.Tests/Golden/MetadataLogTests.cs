using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using Samsa.Protocol.Records;

namespace Samsa.Protocol.Tests.Golden;

/// <summary>The metadata log that a genuine controller wrote, record by record.</summary>
public class MetadataLogTests
{
    [Fact]
    public void Every_record_of_a_genuine_metadata_log_is_read_and_written_again()
    {
        var seen = new HashSet<Type>();
        foreach (var value in RecordValues())
        {
            var record = MetadataRecordCodec.Read(value);
            seen.Add(record.GetType());
            // The third byte is the version the record was written in; types and versions are small.
            Assert.Equal(value, MetadataRecordCodec.Write(record, value[2]));
        }

        Assert.Superset(
            new HashSet<Type> { typeof(TopicRecord), typeof(PartitionRecord), typeof(RegisterBrokerRecord), typeof(FeatureLevelRecord), typeof(ConfigRecord) },
            seen);
    }

    [Fact]
    public void A_record_goes_through_its_frame()
    {
        var value = MetadataRecordCodec.Write(new TopicRecord { Name = "orders", TopicId = Samsa.Model.TopicId.ClusterMetadata });
        Assert.Equal([1, 2, 0], value[..3]);
        var topic = Assert.IsType<TopicRecord>(MetadataRecordCodec.Read(value));
        Assert.Equal("orders", topic.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0002000000")]
    [InlineData("016300")]
    [InlineData("010209")]
    [InlineData("011400000a")]
    [InlineData("0114ffffffff0700")]
    public void A_record_of_unknown_frame_type_or_version_is_refused(string hex) =>
        Assert.Throws<ProtocolException>(() => MetadataRecordCodec.Read(Convert.FromHexString(hex)));

    /// <summary>The values in all data batches of all segments: uncompressed, so a walk over the varints is enough.</summary>
    private static List<byte[]> RecordValues()
    {
        using var file = typeof(MetadataLogTests).Assembly.GetManifestResourceStream("cluster-metadata.tar.gz")!;
        using var tar = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        var values = new List<byte[]>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.Name.EndsWith(".log", StringComparison.Ordinal) && entry.DataStream is { } data)
            {
                using var bytes = new MemoryStream();
                data.CopyTo(bytes);
                AddBatches(bytes.ToArray(), values);
            }
        }

        return values;
    }

    private static void AddBatches(ReadOnlySpan<byte> log, List<byte[]> values)
    {
        while (log.Length > 61)
        {
            var size = 12 + BinaryPrimitives.ReadInt32BigEndian(log[8..]);
            var isControl = (log[22] & 0x20) != 0;
            if (!isControl)
            {
                AddRecords(log[61..size], BinaryPrimitives.ReadInt32BigEndian(log[57..]), values);
            }

            log = log[size..];
        }
    }

    private static void AddRecords(ReadOnlySpan<byte> records, int count, List<byte[]> values)
    {
        for (; count > 0; count--)
        {
            var length = (int)Varint(ref records);
            var record = records[..length];
            records = records[length..];
            record = record[1..];
            _ = Varint(ref record);
            _ = Varint(ref record);
            var keyLength = (int)Varint(ref record);
            record = record[Math.Max(0, keyLength)..];
            var valueLength = (int)Varint(ref record);
            values.Add(record[..valueLength].ToArray());
        }
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
    }
}
