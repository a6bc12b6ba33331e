using System.IO.Compression;
using System.Text.Json;

namespace Samsa.Protocol.Tests.Golden;

/// <summary>A request that a genuine broker was sent, and what it answered.</summary>
internal sealed class WireCase
{
    private WireCase(JsonElement json)
    {
        Name = json.GetProperty("case").GetString()!;
        Request = Bytes(json, "request_hex");
        Response = Bytes(json, "response_hex");
        DecodedRequest = Element(json, "request");
        DecodedResponse = Element(json, "response");
    }

    public static IReadOnlyList<WireCase> All { get; } = Load();

    public string Name { get; }

    /// <summary>The request's frame without its size; null where only a recipe was kept.</summary>
    public byte[]? Request { get; }

    /// <summary>The response's frame without its size; null where there was none.</summary>
    public byte[]? Response { get; }

    public JsonElement? DecodedRequest { get; }

    public JsonElement? DecodedResponse { get; }

    private static List<WireCase> Load()
    {
        using var file = typeof(WireCase).Assembly.GetManifestResourceStream("wire.jsonl.gz")!;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var cases = new List<WireCase>();
        while (lines.ReadLine() is { } line)
        {
            cases.Add(new WireCase(JsonDocument.Parse(line).RootElement));
        }

        return cases;
    }

    private static byte[]? Bytes(JsonElement json, string name) =>
        Element(json, name)?.GetString() is { Length: >= 8 } hex ? Convert.FromHexString(hex.AsSpan(8)) : null;

    private static JsonElement? Element(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
