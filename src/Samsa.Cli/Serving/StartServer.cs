using Samsa.Broker.Configuration;

namespace Samsa.Cli.Serving;

/// <summary>Starts a broker; fails with <see cref="StartException"/> for everything that a person can put right.</summary>
/// <param name="sources">Where settings come from.</param>
/// <param name="notices">For what should be seen before it is ready: warnings, progress of recovery.</param>
/// <param name="cancellationToken">Gives up the start.</param>
internal delegate Task<RunningServer> StartServer(BrokerConfigSources sources, TextWriter notices, CancellationToken cancellationToken);

/// <summary>A broker that serves.</summary>
/// <param name="Summary">Where it serves, its data directory and what recovery found: the ready line's middle.</param>
/// <param name="Server">Disposing it is the clean shutdown.</param>
/// <param name="OutOfService">Completes, with the reason in words, when it can no longer serve.</param>
internal sealed record RunningServer(string Summary, IAsyncDisposable Server, Task<string> OutOfService);
