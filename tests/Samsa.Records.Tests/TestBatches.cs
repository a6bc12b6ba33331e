using CsCheck;

namespace Samsa.Records.Tests;

/// <summary>Batches for tests, and generators of them.</summary>
public static class TestBatches
{
    public const int Limit = 64 * 1024 * 1024;
    public const long Now = 1_700_000_000_000;

    private static readonly Gen<string?> s_field = Gen.Frequency(
        (1, Gen.Const((string?)null)),
        (1, Gen.Const((string?)string.Empty)),
        (8, Gen.Byte.Array[1, 60].Select(b => (string?)Convert.ToHexString(b))),
        (1, Gen.Select(Gen.Byte, Gen.Int[100, 30_000]).Select((b, n) => (string?)Convert.ToHexString(Enumerable.Repeat(b, n).ToArray()))));

    private static readonly Gen<(string, string?)> s_header =
        Gen.Select(Gen.String[Gen.Char['a', 'ÿ'], 0, 8], s_field);

    public static readonly Gen<PlainRecord> Record =
        from time in Gen.Frequency((6, Gen.Long[Now - 100_000, Now + 100_000]), (1, Gen.Long))
        from key in s_field
        from value in s_field
        from headers in Gen.Frequency((3, Gen.Const(Array.Empty<(string, string?)>())), (1, s_header.Array[0, 4]))
        select new PlainRecord(time, key, value, headers);

    public static readonly Gen<CompressionType> Codec = Gen.Enum<CompressionType>();

    public static byte[] Build(CompressionType codec, params IEnumerable<PlainRecord> records)
    {
        using var builder = new RecordBatchBuilder { Compression = codec };
        foreach (var record in records)
        {
            record.AppendTo(builder);
        }

        return builder.Build().ToArray();
    }

    public static PlainRecord Simple(int i = 0) => new(Now + i, $"6B{i:X2}", $"76{i:X2}");

    public static IEnumerable<PlainRecord> Simple(int from, int count) => Enumerable.Range(from, count).Select(i => Simple(i));

    public static List<PlainRecord> Read(ReadOnlyMemory<byte> batch, int limit = Limit)
    {
        var records = new List<PlainRecord>();
        foreach (var record in RecordBatch.Records(batch, limit))
        {
            records.Add(PlainRecord.From(record));
        }

        return records;
    }

    public static string Text(IEnumerable<PlainRecord> records) => string.Join('\n', records);
}
