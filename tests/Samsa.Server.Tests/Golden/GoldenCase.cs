using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Samsa.Server.Tests.Golden;

/// <summary>A request that a genuine broker was sent, and what it answered (tests/golden/README.md). Frames include their size.</summary>
internal sealed class GoldenCase
{
    // Which member of a consumer group has which partitions, and which is described first, follows from their ids, which are drawn.
    private static readonly (string Case, string Path)[] Drawn =
    [
        ("ConsumerGroupDescribe.v0.ok", "Groups[*].Members[*].Assignment.TopicPartitions[*]"),
        ("ConsumerGroupDescribe.v0.ok", "Groups[*].Members[*].TargetAssignment.TopicPartitions[*]"),
    ];

    // The member says that it gave up what it was told to.
    private static readonly (string Case, Binding Binding)[] Kept =
    [
        ("ConsumerGroupHeartbeat.v0.heartbeat-revoked",
            new("TopicPartitions[0].Partitions", "ConsumerGroupHeartbeat.v0.heartbeat-revoke", "Assignment.TopicPartitions[0].Partitions")),
    ];

    private GoldenCase(JsonObject json)
    {
        Name = (string)json["case"]!;
        Api = (string)json["api"]!;
        Version = (short)json["version"]!;
        Run = (string)json["run"]!;
        Sequence = (int)json["seq"]!;
        Connection = (string)json["conn"]!;
        IsSetup = (string)json["kind"]! == "success";
        Request = Convert.FromHexString((string)json["request_hex"]!);
        Responses = [.. new[] { json["response_hex"] }.Concat(json["more_responses_hex"] as JsonArray ?? [])
            .Where(hex => hex is not null).Select(hex => Convert.FromHexString((string)hex!))];
        IsClosed = (string?)json["outcome"] == "connection closed";
        Volatile = [.. (json["volatile"] as JsonArray ?? []).Select(path => (string)path!), .. Drawn.Where(d => Name == d.Case).Select(d => d.Path)];
        Bindings =
        [
            .. (json["bind"] as JsonArray ?? []).Select(b => new Binding((string)b!["path"]!, (string)b["from_case"]!, (string)b["from_path"]!)),
            .. Kept.Where(k => Name == k.Case).Select(k => k.Binding),
        ];
    }

    public string Name { get; }
    public string Api { get; }
    public short Version { get; }
    public string Run { get; }
    public int Sequence { get; }

    /// <summary>A new label is a new connection.</summary>
    public string Connection { get; }

    /// <summary>Expected to work; later cases build on its effect.</summary>
    public bool IsSetup { get; }

    /// <summary>One frame, several for pipelined cases, or something malformed.</summary>
    public byte[] Request { get; }

    /// <summary>None where the broker closed the connection or kept silent.</summary>
    public IReadOnlyList<byte[]> Responses { get; }

    /// <summary>The broker closed the connection instead of answering.</summary>
    public bool IsClosed { get; }

    /// <summary>Paths in the answer that differ from run to run.</summary>
    public IReadOnlyList<string> Volatile { get; }

    /// <summary>Values in the request that come from earlier answers.</summary>
    public IReadOnlyList<Binding> Bindings { get; }

    /// <summary>The cases of the run without an authorizer, in the order they were sent.</summary>
    public static IReadOnlyList<GoldenCase> PlainRun()
    {
        using var file = typeof(GoldenCase).Assembly.GetManifestResourceStream("wire.jsonl.gz")!;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var cases = new List<GoldenCase>();
        while (lines.ReadLine() is { } line)
        {
            JsonObject json = JsonNode.Parse(line)!.AsObject();
            if ((string)json["run"]! == "plain")
            {
                cases.Add(new GoldenCase(json));
            }
        }

        return [.. cases.OrderBy(c => c.Sequence)];
    }

    public override string ToString() => Name;
}

/// <summary>The value at a path of the request is what that earlier answer holds at its path.</summary>
internal sealed record Binding(string Path, string FromCase, string FromPath);
