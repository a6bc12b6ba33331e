using System.Text.Json.Nodes;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests.Golden;

/// <summary>Sends the recorded requests in their order to a fresh server and compares what it answers.</summary>
internal sealed class GoldenReplay(TestServer server) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilenceFor = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, RawConnection> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GoldenCase> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _recordedTopicIds = new(StringComparer.Ordinal);
    private Dictionary<short, (short Min, short Max)> _served = [];
    private bool _restarted;

    public List<Difference> Differences { get; } = [];

    /// <summary>Cases that were not sent, with the API that is missing.</summary>
    public List<(GoldenCase Case, string Why)> Skipped { get; } = [];

    public int Compared { get; private set; }

    public async Task RunAsync(IReadOnlyList<GoldenCase> cases)
    {
        _served = await AskVersionsAsync();
        foreach (IGrouping<int, GoldenCase> together in cases.GroupBy(c => c.Sequence))
        {
            if (!_restarted && together.Any(c => c.Name.Contains("after-restart", StringComparison.Ordinal)))
            {
                _restarted = true;
                Dispose();
                await server.RestartAsync();
            }

            // Two cases of one number: the second, a fetch, was waiting when the first, a produce, came to wake it.
            var sent = new List<(GoldenCase Case, byte[] Frame, RawConnection Connection)>();
            foreach (GoldenCase golden in together.Reverse().Where(CanBeSent))
            {
                _byName[golden.Name] = golden;
                byte[] frame = Prepare(golden);
                RawConnection connection = Connection(golden.Connection);
                await connection.SendAsync(frame);
                sent.Add((golden, frame, connection));
            }

            foreach ((GoldenCase golden, byte[] frame, RawConnection connection) in sent)
            {
                await CompareAsync(golden, frame, connection);
            }
        }
    }

    public void Dispose()
    {
        foreach (RawConnection connection in _connections.Values)
        {
            connection.Dispose();
        }

        _connections.Clear();
    }

    private async Task<Dictionary<short, (short Min, short Max)>> AskVersionsAsync()
    {
        ApiInfo api = ApiCatalog.Get(ApiKey.ApiVersions);
        var header = new RequestHeader { ApiKey = (short)ApiKey.ApiVersions, ApiVersion = 0, ClientId = "versions" };
        byte[] request = WireFrame.Write(header, new ApiVersionsRequest(), api);
        using var connection = new RawConnection(server.EndPoint);
        await connection.SendAsync(request);
        byte[] answer = await connection.ReceiveAsync(AnswerWithin) ?? throw new InvalidOperationException("no answer to ApiVersions");
        return WireFrame.ReadResponse(request, answer)["ApiKeys"]!.AsArray().ToDictionary(
            entry => (short)(long)entry!["ApiKey"]!, entry => ((short)(long)entry!["MinVersion"]!, (short)(long)entry!["MaxVersion"]!));
    }

    private bool CanBeSent(GoldenCase golden)
    {
        foreach (ReadOnlyMemory<byte> frame in WireFrame.Split(golden.Request))
        {
            bool isKnown = frame.Length >= 8 & RequestHeader.TryPeek(frame.Span[WireFrame.SizeLength..], out short key, out short version) && ApiCatalog.TryGet(key, out _);
            bool isServed = !isKnown || key == (short)ApiKey.ApiVersions || (_served.TryGetValue(key, out var range) && version >= range.Min && version <= range.Max);
            if (!isServed && !golden.IsClosed)
            {
                Skipped.Add((golden, $"{golden.Api} v{golden.Version}"));
                return false;
            }
        }

        return true;
    }

    private byte[] Prepare(GoldenCase golden)
    {
        if (OldMessageSet.TryStandIn(golden, out byte[] standIn))
        {
            return standIn;
        }

        byte[] frame = golden.Request;
        foreach (Binding binding in golden.Bindings)
        {
            if (_answers.TryGetValue(binding.FromCase, out JsonObject? answer) && TreePath.Find(answer, binding.FromPath) is { } value)
            {
                frame = BoundRequest.With(frame, binding.Path, value);
            }
        }

        return golden.Api == nameof(ApiKey.AlterReplicaLogDirs) && golden.Name.EndsWith("unknown-dir", StringComparison.Ordinal) is false
            ? BoundRequest.With(frame, "Dirs[0].Path", server.DataDirectory)
            : frame;
    }

    private RawConnection Connection(string label)
    {
        if (!_connections.TryGetValue(label, out RawConnection? connection) || connection.IsClosed)
        {
            connection?.Dispose();
            connection = new RawConnection(server.EndPoint);
            _connections[label] = connection;
        }

        return connection;
    }

    private async Task CompareAsync(GoldenCase golden, byte[] frame, RawConnection connection)
    {
        Compared++;
        if (golden.Responses.Count == 0)
        {
            byte[]? unexpected = await connection.ReceiveAsync(golden.IsClosed ? AnswerWithin : SilenceFor);
            string outcome = unexpected is not null ? "answered" : connection.IsClosed ? "closed" : "silent";
            string recorded = golden.IsClosed ? "closed" : "silent";
            if (outcome != recorded)
            {
                Report(golden, "outcome", recorded, outcome);
            }

            return;
        }

        IReadOnlyList<ReadOnlyMemory<byte>> requests = WireFrame.Split(golden.Request);
        IReadOnlyList<ReadOnlyMemory<byte>> ours = WireFrame.Split(frame);
        foreach ((int i, byte[] response) in golden.Responses.Index())
        {
            byte[]? answer = await connection.ReceiveAsync(AnswerWithin);
            if (answer is null)
            {
                Report(golden, "outcome", "answered", connection.IsClosed ? "closed" : "silent");
                return;
            }

            Compare(golden, requests[i], response, ours[i], answer);
        }
    }

    private void Compare(GoldenCase golden, ReadOnlyMemory<byte> request, byte[] response, ReadOnlyMemory<byte> ourRequest, byte[] answer)
    {
        JsonObject actual;
        try
        {
            actual = WireFrame.ReadResponse(ourRequest, answer);
        }
        catch (ProtocolException e)
        {
            Report(golden, "outcome", "answered", $"undecodable: {e.Message}");
            return;
        }

        _answers[golden.Name] = actual;
        if (!ourRequest.Span.SequenceEqual(request.Span) && golden.Version < 3 && golden.Api == "Produce")
        {
            // A stand-in; its answer is in another version.
            return;
        }

        JsonObject expected = WireFrame.ReadResponse(request, response);
        LearnTopicIds(expected, actual);
        JsonObject comparable = actual.DeepClone().AsObject();
        Translate(comparable);
        Differences.AddRange(TreeComparison.Compare(golden, expected, comparable));
    }

    private void LearnTopicIds(JsonObject expected, JsonObject actual)
    {
        foreach ((string name, string recorded) in TopicIds(expected))
        {
            if (TopicIds(actual).FirstOrDefault(t => t.Name == name).Id is { } ours)
            {
                _recordedTopicIds[ours] = recorded;
            }
        }
    }

    private static IEnumerable<(string Name, string Id)> TopicIds(JsonObject tree) =>
        from topic in tree["Topics"] as JsonArray ?? []
        let name = (string?)topic?["Name"]
        let id = (string?)topic?["TopicId"]
        where name is { Length: > 0 } && id is not null && id != Guid.Empty.ToString()
        select (name, id);

    /// <summary>Our topic ids and port to the recorded ones.</summary>
    private void Translate(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject owner:
                foreach (string name in owner.Select(p => p.Key).ToArray())
                {
                    owner[name] = name switch
                    {
                        "TopicId" when _recordedTopicIds.TryGetValue((string)owner[name]!, out string? recorded) => recorded,
                        "LogDir" when (string)owner[name]! == server.DataDirectory => RecordedDirectory,
                        "Port" when (int)(long)owner[name]! == server.EndPoint.Port => RecordedPort,
                        _ => Translated(owner[name]),
                    };
                }

                break;
            case JsonArray array:
                foreach (JsonNode? item in array)
                {
                    Translate(item);
                }

                break;
        }

        JsonNode? Translated(JsonNode? child)
        {
            Translate(child);
            return child?.DeepClone();
        }
    }

    private const long RecordedPort = 39092;
    private const string RecordedDirectory = "/var/kraft/dA";

    private void Report(GoldenCase golden, string path, string expected, string actual) =>
        Differences.Add(new Difference(golden.Name, path, expected, actual));
}
