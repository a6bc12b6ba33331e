using Samsa.Broker.Configuration;

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

            return await ServeAsync(config, cancellationToken);
        }
        catch (Exception failure) when (StartException.From(failure, config) is { } explained)
        {
            throw explained;
        }
    }

    private static Task<RunningServer> ServeAsync(BrokerConfig config, CancellationToken cancellationToken) =>
        throw new StartException("this build has no broker yet");
}
