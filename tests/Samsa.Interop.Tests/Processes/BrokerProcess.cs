using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samsa.Interop.Processes;

/// <summary>One life of a real `samsa server` process, from start to SIGKILL or SIGTERM.</summary>
public sealed partial class BrokerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const int LogLines = 400;

    private static readonly ConcurrentDictionary<int, BrokerProcess> Alive = new();

    private readonly Process _process;
    private readonly BrokerSettings _settings;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly StreamWriter? _logFile;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static BrokerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (BrokerProcess broker in Alive.Values)
        {
            broker.Kill();
        }
    };

    private BrokerProcess(BrokerSettings settings)
    {
        _settings = settings;
        string[] command = [.. settings.RunBy, BuiltServer.Path, .. settings.Arguments()];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_NOLOGO"] = "1";
        // Settings come from the test, not from the environment it happens to run in.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("SAMSA_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        _logFile = settings.LogFile is null ? null : new StreamWriter(settings.LogFile, append: true) { AutoFlush = true };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("the broker ended before it was ready"));
        _process.Start();
        Alive[_process.Id] = this;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    /// <summary>CPU that it has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>HOST:PORT for clients.</summary>
    public string Bootstrap => $"{_settings.Host}:{_settings.Port}";

    /// <summary>Its last lines on stdout and stderr.</summary>
    public string Log => string.Join('\n', _log);

    public bool HasExited => _process.HasExited;

    /// <summary>What the process ended with.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a broker and waits until it serves.</summary>
    /// <exception cref="BrokerFailedException">It ended, or was not ready in time; the message holds its log.</exception>
    public static async Task<BrokerProcess> StartAsync(BrokerSettings settings)
    {
        BrokerProcess broker = Spawn(settings);
        try
        {
            await broker.WhenReadyAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a broker and does not wait.</summary>
    public static BrokerProcess Spawn(BrokerSettings settings) => new(settings);

    /// <summary>Waits for the ready line and returns it.</summary>
    public async Task<string> WhenReadyAsync()
    {
        try
        {
            return await _ready.Task.WaitAsync(_settings.ReadyWithin);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            throw new BrokerFailedException($"{e.Message}\n{string.Join(' ', _settings.Arguments())}\n{Log}");
        }
    }

    /// <summary>True when the process ended by itself within that time.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>SIGKILL; returns when the process is gone.</summary>
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

        Alive.TryRemove(_process.Id, out _);
    }

    /// <summary>SIGSTOP: it stands still, and its connections stay open.</summary>
    public void Pause() => _ = SendSignal(_process.Id, SigStop);

    /// <summary>SIGCONT: it goes on, and does not know that time has passed.</summary>
    public void Resume() => _ = SendSignal(_process.Id, SigCont);

    /// <summary>SIGTERM, the clean shutdown; returns the exit code.</summary>
    /// <exception cref="BrokerFailedException">It is still there after half a minute.</exception>
    public async Task<int> StopAsync()
    {
        _ = SendSignal(_process.Id, SigTerm);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw new BrokerFailedException($"the broker did not stop within 30 s of SIGTERM\n{Log}");
        }

        Alive.TryRemove(_process.Id, out _);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        lock (_log)
        {
            _logFile?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            if (_logFile?.BaseStream is { CanWrite: true })
            {
                _logFile.WriteLine(line);
            }
        }

        _log.Enqueue(line);
        if (_log.Count > LogLines)
        {
            _log.TryDequeue(out _);
        }

        if (line.Contains("ready in ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }
    }
}

/// <summary>A broker process that did not do what it was told.</summary>
public sealed class BrokerFailedException(string message) : Exception(message);
