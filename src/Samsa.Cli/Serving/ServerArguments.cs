namespace Samsa.Cli.Serving;

/// <summary>What `samsa server` was told on the command line, before files, environment and defaults are added.</summary>
/// <param name="ConfigFile">A properties file, or null.</param>
/// <param name="Settings">Names and values from --data, --listeners and --set, the last one of a name wins.</param>
internal sealed record ServerArguments(string? ConfigFile, IReadOnlyList<KeyValuePair<string, string>> Settings);

/// <summary>A broker that serves.</summary>
/// <param name="Summary">Where it serves, its data directory and what recovery found: the ready line's middle.</param>
/// <param name="Server">Disposing it is the clean shutdown.</param>
/// <param name="Failed">Completes with a reason when the broker can no longer serve; never otherwise.</param>
internal sealed record RunningServer(string Summary, IAsyncDisposable Server, Task<string> Failed);

/// <summary>Starts a broker; fails with <see cref="StartException"/> for everything a person can put right.</summary>
internal delegate Task<RunningServer> StartServer(ServerArguments arguments, CancellationToken cancellationToken);

/// <summary>The broker cannot start, and the message says what to change.</summary>
internal sealed class StartException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>The process ends with this.</summary>
    public int ExitCode { get; } = exitCode;
}
