using System.IO.Compression;
using System.Text.Json;

namespace Samsa.Fuzz;

/// <summary>Frames that real clients sent and a real broker answered, without their sizes.</summary>
internal sealed class Corpus
{
    public List<byte[]> Requests { get; } = [];

    /// <summary>Responses, each after the four bytes of API key and version that say how to read it.</summary>
    public List<byte[]> Responses { get; } = [];

    public int Count => Requests.Count + Responses.Count;

    public static Corpus Load()
    {
        var corpus = new Corpus();
        using var file = typeof(Corpus).Assembly.GetManifestResourceStream("wire.jsonl.gz")!;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (Bytes(json.RootElement, "request_hex") is not { Length: >= 4 } request)
            {
                continue;
            }

            corpus.Requests.Add(request);
            if (Bytes(json.RootElement, "response_hex") is { } response)
            {
                corpus.Responses.Add([.. request[..4], .. response]);
            }
        }

        return corpus;
    }

    private static byte[]? Bytes(JsonElement json, string name) =>
        json.TryGetProperty(name, out var hex) && hex.GetString() is { Length: >= 8 } text ? Convert.FromHexString(text.AsSpan(8)) : null;
}
