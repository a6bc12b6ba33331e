using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Samsa.Interop.Tests.Clients;

/// <summary>A client program at work: its events come out, words go in, and it can be killed.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<ClientProcess, bool> Alive = new();

    private readonly Process _process;
    private readonly string _what;
    private readonly Action<ClientEvent>? _onEvent;
    private readonly Channel<ClientEvent> _events = Channel.CreateUnbounded<ClientEvent>();
    private readonly ConcurrentQueue<string> _errors = new();

    static ClientProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (ClientProcess client in Alive.Keys)
        {
            client.Kill();
        }
    };

    private ClientProcess(ClientProgram program, string command, JsonObject options, Action<ClientEvent>? onEvent)
    {
        _what = $"{Path.GetFileName(program.Script)} {command}";
        _onEvent = onEvent;
        var start = new ProcessStartInfo(program.Executable, [program.Script, command, options.ToJsonString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = ClientProgram.NodeModules;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["KAFKAJS_NO_PARTITIONER_WARNING"] = "1";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnError(line.Data);
        _process.Start();
        Alive[this] = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it; every event goes to the callback, on a thread of its own, before anyone can wait for it.</summary>
    public static ClientProcess Start(ClientKind kind, string command, JsonObject options, Action<ClientEvent>? onEvent = null)
    {
        ClientProgram program = ClientProgram.Of(kind);
        program.Require();
        return new(program, command, options, onEvent);
    }

    /// <summary>Runs it to its end and returns all events; fails when it does not end well.</summary>
    public static async Task<List<ClientEvent>> RunAsync(ClientKind kind, string command, JsonObject options)
    {
        await using ClientProcess client = Start(kind, command, options);
        var events = new List<ClientEvent>();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await foreach (ClientEvent e in client._events.Reader.ReadAllAsync(deadline.Token))
            {
                Assert.True(e.Name != "error", $"{client._what}: {e}\n{client.Errors}");
                events.Add(e);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{client._what} did not end within {Deadline.TotalSeconds} s; the last event is {events.LastOrDefault()}\n{client.Errors}");
        }

        return events;
    }

    /// <summary>What it wrote to stderr.</summary>
    public string Errors => string.Join('\n', _errors.TakeLast(60));

    /// <summary>Waits for the next event of that name; others are passed over, but an error ends the test unless it may be.</summary>
    public async Task<ClientEvent> NextAsync(string name, bool mayFail = false)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                ClientEvent e = await _events.Reader.ReadAsync(deadline.Token);
                if (e.Name == name)
                {
                    return e;
                }

                Assert.True(mayFail || e.Name != "error", $"{_what}: {e}\n{Errors}");
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"{_what}: no '{name}' within {Deadline.TotalSeconds} s, or the program ended\n{Errors}", e);
        }
    }

    /// <summary>Says one word to it.</summary>
    public void Say(string word)
    {
        _process.StandardInput.WriteLine(word);
        _process.StandardInput.Flush();
    }

    /// <summary>SIGKILL: nothing is closed, committed or said.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It had ended already.
        }

        Alive.TryRemove(this, out _);
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            _events.Writer.TryComplete();
            return;
        }

        ClientEvent e;
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            e = new ClientEvent(json.RootElement.Clone());
        }
        catch (JsonException)
        {
            // A killed program may leave half a line.
            _errors.Enqueue(line);
            return;
        }

        try
        {
            _onEvent?.Invoke(e);
        }
        catch (Exception failure) when (failure is InvalidOperationException or KeyNotFoundException)
        {
            // An exception here would end the test run without naming the test.
            _errors.Enqueue($"{line}: {failure.Message}");
        }

        _events.Writer.TryWrite(e);
    }

    private void OnError(string? line)
    {
        if (line is not null)
        {
            _errors.Enqueue(line);
        }
    }
}
