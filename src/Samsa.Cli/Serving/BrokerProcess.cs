using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
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
#pragma warning disable MA0027 // It is another exception: the reason in words, without a stack trace.
            throw explained;
#pragma warning restore MA0027
        }
    }

    private static async Task<RunningServer> ServeAsync(BrokerConfig config, TextWriter notices, CancellationToken cancellationToken)
    {
        var log = ConsoleLog.ToStandardError(config.ToLogOptions());
        try
        {
            var options = new SamsaServerOptions
            {
                Config = config,
                Loggers = log,
                Progress = new RecoveryNotice(notices, TimeProvider.System),
            };
            var server = await SamsaServer.StartAsync(options, cancellationToken);
            return new RunningServer(Summarize(config, server), new LoggedServer(server, log), server.OutOfService);
        }
        catch
        {
            // What was logged on the way comes before the reason.
            log.Dispose();
            throw;
        }
    }

    private static string Summarize(BrokerConfig config, SamsaServer server) => ReadySummary.Of(
        config.Listeners,
        name => server.Listeners.First(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase)).EndPoint.Port,
        config.LogDirs,
        server.Recovery,
        server.PartitionCount,
        server.AdminEndPoint is { } admin ? $"http://{admin}" : null);

    /// <summary>Stops the broker, then the log that it wrote to.</summary>
    private sealed class LoggedServer(SamsaServer server, ConsoleLog log) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await server.DisposeAsync();
            }
            finally
            {
                log.Dispose();
            }
        }
    }
}
