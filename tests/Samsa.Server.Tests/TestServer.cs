using System.Net;
using Samsa.Broker.Configuration;

namespace Samsa.Server.Tests;

/// <summary>A server in this process, on a free port and in a directory of its own, which goes with it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _directory;
    private readonly string[] _settings;
    private readonly TimeProvider _time;
    private SamsaServer _server;

    private TestServer(string directory, string[] settings, TimeProvider time, SamsaServer server)
    {
        _directory = directory;
        _time = time;
        _settings = settings;
        _server = server;
    }

    public SamsaServer Server => _server;

    /// <summary>Where its data is.</summary>
    public string DataDirectory => _directory;

    public IPEndPoint EndPoint => _server.Listeners[0].EndPoint;

    public static Task<TestServer> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<TestServer> StartAsync(TimeProvider time, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("samsa-test-").FullName;
        return new TestServer(directory, settings, time, await LaunchAsync(directory, settings, time));
    }

    public WireClient Connect() => new(EndPoint);

    /// <summary>Stops cleanly and starts again on the same data.</summary>
    public async Task RestartAsync()
    {
        await _server.DisposeAsync();
        _server = await LaunchAsync(_directory, _settings, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static Task<SamsaServer> LaunchAsync(string directory, string[] settings, TimeProvider time) => SamsaServer.StartAsync(
        new SamsaServerOptions
        {
            Time = time,
            Config = BrokerConfig.Load(new BrokerConfigSources
            {
                Data = directory,
                Listeners = "PLAINTEXT://127.0.0.1:0",
                Set = ["samsa.admin.listener=", .. settings],
            }),
        },
        TestContext.Current.CancellationToken);
}
