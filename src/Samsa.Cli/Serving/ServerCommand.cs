using System.CommandLine;
using Samsa.Broker.Configuration;

namespace Samsa.Cli.Serving;

/// <summary>`samsa server`: runs one broker until it is told to stop.</summary>
internal sealed class ServerCommand : Command, IHasExamples
{
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "A file of name=value lines with Kafka's own property names, such as server.properties.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _data = new("--data", "-d")
    {
        Description = "Where the data goes (log.dirs). Default: ./samsa-data",
        HelpName = "DIR",
    };

    private readonly Option<string?> _listeners = new("--listeners", "-l")
    {
        Description = "Addresses to serve on (listeners), comma-separated. Default: PLAINTEXT://localhost:9092",
        HelpName = "NAME://HOST:PORT",
    };

    private readonly Option<string[]> _set = new("--set", "-s")
    {
        Description = "Any other setting; may be given several times, and wins over the file and the environment.",
        HelpName = "NAME=VALUE",
    };

    private ServerCommand(StartServer start)
        : base("server", "Runs a broker until SIGTERM or Ctrl-C, which shut it down cleanly.")
    {
        Options.Add(_config);
        Options.Add(_data);
        Options.Add(_listeners);
        Options.Add(_set);
        _set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                {
                    result.AddError($"--set takes NAME=VALUE, not '{token.Value}'");
                }
            }
        });
        SetAction((parsed, _) => ServerRun.RunAsync(
            start, Read(parsed), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
    }

    public string[] Examples { get; } =
    [
        "samsa server",
        "samsa server --data /var/lib/samsa --listeners PLAINTEXT://0.0.0.0:9092",
        "samsa server --config server.properties --set log.retention.hours=24",
        "samsa server --set samsa.flush.on.ack=true      acknowledge only what a power loss cannot take",
        "SAMSA_LOG_RETENTION_HOURS=24 samsa server       any setting from the environment",
    ];

    public static ServerCommand Create(StartServer start) => new(start);

    private BrokerConfigSources Read(ParseResult parsed) => new()
    {
        PropertiesFile = parsed.GetValue(_config),
        Data = parsed.GetValue(_data),
        Listeners = parsed.GetValue(_listeners),
        Set = parsed.GetValue(_set) ?? [],
        Environment = BrokerConfigSources.ProcessEnvironment(),
    };
}
