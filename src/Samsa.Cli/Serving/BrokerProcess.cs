namespace Samsa.Cli.Serving;

/// <summary>Turns the command line's settings into a running broker.</summary>
internal static class BrokerProcess
{
    public static Task<RunningServer> StartAsync(ServerArguments arguments, CancellationToken cancellationToken) =>
        throw new StartException("this build has no broker yet");
}
