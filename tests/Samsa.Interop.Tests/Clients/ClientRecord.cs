using System.Text.Json.Nodes;

namespace Samsa.Interop.Tests.Clients;

/// <summary>A record that a client program is to send, or has read.</summary>
internal sealed record ClientRecord(byte[]? Key, byte[]? Value)
{
    /// <summary>Null: the client's partitioner decides.</summary>
    public int? Partition { get; init; }

    public long Offset { get; init; }

    public long? Timestamp { get; init; }

    public IReadOnlyList<(string Name, byte[]? Value)> Headers { get; init; } = [];

    /// <summary>All that has to come back, as one text to compare.</summary>
    public string Content => $"{Text(Key)}={Text(Value)} {string.Join(' ', Headers.Select(h => $"{h.Name}:{Text(h.Value)}"))}";

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["key"] = Base64(Key),
            ["value"] = Base64(Value),
            ["headers"] = new JsonArray([.. Headers.Select(h => new JsonArray(h.Name, Base64(h.Value)))]),
        };
        if (Partition is int partition)
        {
            json["partition"] = partition;
        }

        if (Timestamp is long timestamp)
        {
            json["timestamp"] = timestamp;
        }

        return json;
    }

    private static JsonValue? Base64(byte[]? bytes) => bytes is null ? null : JsonValue.Create(Convert.ToBase64String(bytes));

    private static string Text(byte[]? bytes) => bytes is null ? "null" : Convert.ToHexString(bytes);
}
