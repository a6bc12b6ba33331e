using System.Text.Json;

namespace Samsa.Interop.Tests.Clients;

/// <summary>One line that a client program wrote.</summary>
internal sealed class ClientEvent(JsonElement json)
{
    public string Name { get; } = json.GetProperty("e").GetString()!;

    public string? Text(string field) => json.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    public long Number(string field) => json.GetProperty(field).GetInt64();

    public bool Flag(string field) => json.GetProperty(field).GetBoolean();

    public long[] Numbers(string field) => [.. json.GetProperty(field).EnumerateArray().Select(n => n.GetInt64())];

    /// <summary>A list of [topic, partition] pairs.</summary>
    public (string Topic, int Partition)[] Partitions() =>
        [.. json.GetProperty("partitions").EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetInt32()))];

    /// <summary>A list of [topic, partition, offset] triples.</summary>
    public (string Topic, int Partition, long Offset)[] Offsets() =>
        [.. json.GetProperty("offsets").EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetInt32(), p[2].GetInt64()))];

    /// <summary>A record as the client got it.</summary>
    public ClientRecord Record() => new(Bytes(json.GetProperty("key")), Bytes(json.GetProperty("value")))
    {
        Partition = json.GetProperty("partition").GetInt32(),
        Offset = json.GetProperty("offset").GetInt64(),
        Timestamp = json.GetProperty("timestamp").GetInt64(),
        Headers = [.. json.GetProperty("headers").EnumerateArray().Select(h => (h[0].GetString()!, Bytes(h[1])))],
    };

    public override string ToString() => json.ToString();

    private static byte[]? Bytes(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetBytesFromBase64();
}
