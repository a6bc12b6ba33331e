using Samsa.Broker.Configuration;
using Samsa.Server;

namespace Samsa.Cli.Serving;

/// <summary>Turns settings into a running broker.</summary>
internal static class BrokerProcess
{
    public static async Task<RunningServer> StartAsync(BrokerConfigSources sources, TextWriter notices, CancellationToken cancellationToken)
    {
        BrokerConfig? config = null;
        try
        {
            config = BrokerConfig.Load(sources);
            foreach (var warning in config.Warnings)
            {
                await notices.WriteLineAsync($"samsa: warning: {warning}");
            }

            return await ServeAsync(config, notices, cancellationToken);
        }
        catch (Exception failure) when (StartException.From(failure, config) is { } explained)
        {
            throw explained;
        }
    }

    private static async Task<RunningServer> ServeAsync(BrokerConfig config, TextWriter notices, CancellationToken cancellationToken)
    {
        var server = await SamsaServer.StartAsync(
            new SamsaServerOptions { Config = config, Progress = new RecoveryNotice(notices, TimeProvider.System) }, cancellationToken);
        var summary = ReadySummary.Of(
            config.Listeners,
            name => server.Listeners.First(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase)).EndPoint.Port,
            config.LogDirs,
            server.Recovery,
            server.PartitionCount,
            admin: null);
        return new RunningServer(summary, server);
    }
}
