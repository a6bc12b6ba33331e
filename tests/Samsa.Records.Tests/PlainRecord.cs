namespace Samsa.Records.Tests;

/// <summary>A record as plain objects, to compare what was written with what is read.</summary>
public sealed record PlainRecord(long Timestamp, string? Key, string? Value, params (string Key, string? Value)[] Headers)
{
    public static PlainRecord From(in Record record)
    {
        var headers = new List<(string, string?)>();
        foreach (var header in record.Headers)
        {
            headers.Add((header.KeyText, header.HasValue ? Convert.ToHexString(header.Value) : null));
        }

        return new PlainRecord(
            record.Timestamp,
            record.HasKey ? Convert.ToHexString(record.Key) : null,
            record.HasValue ? Convert.ToHexString(record.Value) : null,
            [.. headers]);
    }

    public override string ToString() =>
        $"{Timestamp} {Key ?? "null"}={Value ?? "null"} [{string.Join(' ', Headers.Select(h => $"{h.Key}:{h.Value ?? "null"}"))}]";

    public void AppendTo(RecordBatchBuilder builder) => builder.Append(
        Timestamp, Bytes(Key), Bytes(Value), [.. Headers.Select(h => new RecordHeader(h.Key, Bytes(h.Value)))]);

    private static ReadOnlyMemory<byte>? Bytes(string? hex) => hex is null ? null : (ReadOnlyMemory<byte>?)Convert.FromHexString(hex);
}
