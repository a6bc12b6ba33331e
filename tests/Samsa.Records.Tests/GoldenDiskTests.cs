using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Samsa.Records.Tests;

/// <summary>Batches that Kafka wrote are read as its manifest says.</summary>
public sealed partial class GoldenDiskTests
{
    private static readonly Lazy<JsonElement> s_manifest = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Path("disk", "manifest.json"))).RootElement);

    public static TheoryData<string> Archives => [.. s_manifest.Value.EnumerateObject().Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Archives))]
    public void Every_batch_is_as_the_manifest_says(string archive)
    {
        var manifest = s_manifest.Value.GetProperty(archive);
        var files = manifest.GetProperty("files");
        foreach (var (name, bytes) in Unpack(archive))
        {
            var listed = files.TryGetProperty(name, out var file) && file.TryGetProperty("batches", out var batches)
                ? batches.EnumerateArray().ToList()
                : null;
            Compare(name, bytes, listed, manifest.GetProperty("description").GetString()!);
        }
    }

    [Fact]
    public void What_the_broker_compressed_reads_as_what_it_left_plain()
    {
        var topics = Unpack("codecs-broker.tar.gz").ToDictionary(f => f.Name.Split('/')[0], f => f.Bytes, StringComparer.Ordinal);
        var plain = AllRecords(topics["brk-uncompressed-0"]);

        Assert.NotEmpty(plain);
        Assert.All(topics.Values, bytes => Assert.Equal(plain, AllRecords(bytes)));
    }

    [Fact]
    public void Transaction_markers_are_read()
    {
        var markers = new List<EndTxnMarker>();
        foreach (var (_, bytes) in Unpack("transactions.tar.gz").Where(f => f.Name.StartsWith("txlog", StringComparison.Ordinal)))
        {
            foreach (var (header, _, batch) in RecordBatch.Enumerate(bytes))
            {
                foreach (var record in RecordBatch.Records(batch, TestBatches.Limit))
                {
                    Assert.Equal(header.IsControl, EndTxnMarker.TryRead(record, out var marker) && header.IsTransactional);
                    markers.AddRange(header.IsControl ? [marker] : []);
                    if (header.IsControl)
                    {
                        var again = marker.ToBatch(header.ProducerId, header.ProducerEpoch, header.BaseTimestamp);
                        Assert.Equal(Convert.ToHexString(batch.Span[BatchLayout.Crc..]), Convert.ToHexString(again.AsSpan(BatchLayout.Crc)));
                    }
                }
            }
        }

        Assert.Contains(markers, m => m.IsCommit);
        Assert.Contains(markers, m => !m.IsCommit);
    }

    private static void Compare(string name, byte[] bytes, List<JsonElement>? listed, string description)
    {
        var read = 0;
        var batches = RecordBatch.Enumerate(bytes);
        while (batches.MoveNext())
        {
            var (header, position, batch) = batches.Current;
            Assert.True(RecordBatch.IsCrcValid(batch.Span), $"{name} at {position}");
            var records = TestBatches.Read(batch);
            Assert.Equal(header.RecordCount, records.Count);
            if (listed is not null)
            {
                CompareHeader(listed[read], header, position);
                CompareRecords(name, listed[read], header, batch, description);
            }

            read++;
        }

        Assert.Equal(bytes.Length, batches.Position);
        Assert.Equal(listed?.Count ?? read, read);
    }

    private static void CompareHeader(JsonElement expected, in BatchHeader header, int position)
    {
        Assert.Equal(expected.GetProperty("position").GetInt32(), position);
        Assert.Equal(expected.GetProperty("size").GetInt32(), header.SizeInBytes);
        Assert.Equal(expected.GetProperty("baseOffset").GetInt64(), header.BaseOffset.Value);
        Assert.Equal(expected.GetProperty("partitionLeaderEpoch").GetInt32(), header.LeaderEpoch.Value);
        Assert.Equal(expected.GetProperty("crc").GetUInt32(), header.Crc);
        Assert.Equal(expected.GetProperty("attributes").GetInt16(), header.Attributes);
        Assert.Equal(expected.GetProperty("codec").GetString(), header.Compression.Name());
        Assert.Equal(expected.GetProperty("timestampType").GetString(), header.TimestampType.ToString());
        Assert.Equal(expected.GetProperty("transactional").GetBoolean(), header.IsTransactional);
        Assert.Equal(expected.GetProperty("control").GetBoolean(), header.IsControl);
        Assert.Equal(expected.GetProperty("deleteHorizon").GetBoolean(), header.HasDeleteHorizon);
        Assert.Equal(expected.GetProperty("lastOffsetDelta").GetInt32(), header.LastOffsetDelta);
        Assert.Equal(expected.GetProperty("baseTimestamp").GetInt64(), header.BaseTimestamp);
        Assert.Equal(expected.GetProperty("maxTimestamp").GetInt64(), header.MaxTimestamp);
        Assert.Equal(expected.GetProperty("producerId").GetInt64(), header.ProducerId.Value);
        Assert.Equal(expected.GetProperty("producerEpoch").GetInt16(), header.ProducerEpoch);
        Assert.Equal(expected.GetProperty("baseSequence").GetInt32(), header.BaseSequence);
        Assert.Equal(expected.GetProperty("count").GetInt32(), header.RecordCount);
    }

    private static void CompareRecords(
        string name, JsonElement expected, in BatchHeader header, ReadOnlyMemory<byte> batch, string description)
    {
        if (expected.TryGetProperty("records", out var records))
        {
            Assert.Equal(records.EnumerateArray().Select(r => Listed(r)), Lines(header, batch));
        }
        else if (Recipe().IsMatch(description))
        {
            var codec = name.StartsWith("brk-", StringComparison.Ordinal) ? "none" : header.Compression.Name();
            var read = TestBatches.Read(batch);
            Assert.All(read, r => Assert.StartsWith($"{codec}-v", Text(r.Value), StringComparison.Ordinal));
            Assert.All(read, r => Assert.EndsWith("-" + new string('x', 20), Text(r.Value), StringComparison.Ordinal));
        }
    }

    private static string Listed(JsonElement record)
    {
        var headers = record.TryGetProperty("headers", out var listed)
            ? listed.EnumerateArray().Select(h => $"{h[0].GetString()}:{h[1].GetString()}")
            : [];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"+{record.GetProperty("offsetDelta").GetInt32()} {record.GetProperty("timestampDelta").GetInt64()} "
            + $"{record.GetProperty("key").GetString() ?? "null"}={record.GetProperty("value").GetString() ?? "null"} [{string.Join(' ', headers)}]");
    }

    private static List<string> Lines(in BatchHeader header, ReadOnlyMemory<byte> batch)
    {
        // The manifest has the records' own times, also where append time overrules them.
        var bytes = batch.ToArray();
        bytes[BatchLayout.Attributes + 1] &= 0xF7;
        var lines = new List<string>();
        foreach (var record in RecordBatch.Records(bytes, TestBatches.Limit))
        {
            var headers = new List<string>();
            foreach (var h in record.Headers)
            {
                headers.Add($"{Hex(h.Key)}:{(h.HasValue ? Hex(h.Value) : null)}");
            }

            lines.Add(
                $"+{record.Offset - header.BaseOffset} {record.Timestamp - header.BaseTimestamp} "
                + $"{(record.HasKey ? Hex(record.Key) : "null")}={(record.HasValue ? Hex(record.Value) : "null")} [{string.Join(' ', headers)}]");
        }

        return lines;
    }

    private static List<string> AllRecords(byte[] log)
    {
        var all = new List<string>();
        foreach (var (_, _, batch) in RecordBatch.Enumerate(log))
        {
            all.AddRange(TestBatches.Read(batch).Select(r => r.ToString()));
        }

        return all;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Text(string? hex) => System.Text.Encoding.UTF8.GetString(Convert.FromHexString(hex!));

    private static List<(string Name, byte[] Bytes)> Unpack(string archive)
    {
        using var file = File.OpenRead(GoldenFiles.Path("disk", archive));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        var logs = new List<(string, byte[])>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && (entry.Name.EndsWith(".log", StringComparison.Ordinal)
                || entry.Name.EndsWith(".checkpoint", StringComparison.Ordinal)))
            {
                using var bytes = new MemoryStream();
                data.CopyTo(bytes);
                logs.Add((entry.Name, bytes.ToArray()));
            }
        }

        return logs;
    }

    [GeneratedRegex("<name>-v%03d", RegexOptions.None, 1000)]
    private static partial Regex Recipe();
}
