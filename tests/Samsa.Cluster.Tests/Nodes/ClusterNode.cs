using Samsa.Interop.Processes;

namespace Samsa.Cluster.Tests.Nodes;

/// <summary>One node through all its lives; its data stays.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private readonly BrokerSettings _settings;
    private BrokerProcess? _process;
    private string _lastWords = "";

    public ClusterNode(int id, BrokerSettings settings) => (Id, _settings) = (id, settings);

    public int Id { get; }

    /// <summary>The folder with its data.</summary>
    public string DataDirectory => _settings.DataDirectory;

    /// <summary>HOST:PORT for clients.</summary>
    public string Bootstrap => $"{_settings.Host}:{_settings.Port}";

    public string Host => _settings.Host;

    public int Port => _settings.Port;

    /// <summary>A process is there; it may stand still.</summary>
    public bool IsUp => _process is { HasExited: false };

    /// <summary>SIGSTOP was the last it heard.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>CPU that its process has used.</summary>
    public TimeSpan CpuTime => _process!.CpuTime;

    /// <summary>The last it said.</summary>
    public string Log => _process?.Log ?? _lastWords;

    /// <summary>Starts it and does not wait.</summary>
    public void Spawn()
    {
        Assert.True(_process is null, $"node {Id} was not ended");
        _process = BrokerProcess.Spawn(_settings);
    }

    public Task WhenReadyAsync() => _process!.WhenReadyAsync();

    public Task StartAsync()
    {
        Spawn();
        return WhenReadyAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        IsPaused = false;
        if (_process is { } process)
        {
            await process.DisposeAsync();
            (_process, _lastWords) = (null, process.Log);
        }
    }

    public void Pause()
    {
        IsPaused = true;
        _process!.Pause();
    }

    public void Resume()
    {
        IsPaused = false;
        _process!.Resume();
    }

    /// <summary>SIGTERM; it must end by itself, and content.</summary>
    public async Task StopAsync()
    {
        int code = await _process!.StopAsync();
        Assert.True(code == 0, $"node {Id} ended with {code}\n{Log}");
        await KillAsync();
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
