using System.CommandLine;
using Samsa.Broker.Configuration;
using Samsa.Cli.Serving;
using Samsa.Storage;

namespace Samsa.Cli.Storage;

/// <summary>`samsa storage`: whose the data directories are, as Kafka's kafka-storage tool.</summary>
internal sealed class StorageCommand : Command, IHasExamples
{
    private readonly Option<string?> _config = new("--config", "-c") { Description = "The server's file of settings.", HelpName = "FILE" };

    private readonly Option<string?> _data = new("--data", "-d") { Description = "The data directory (log.dirs). Default: ./samsa-data", HelpName = "DIR" };

    private readonly Option<string[]> _set = new("--set", "-s") { Description = "Any other setting, such as node.id=2.", HelpName = "NAME=VALUE" };

    private StorageCommand()
        : base("storage", "Formats data directories for a cluster, and tells whose they are. A server that is a cluster by itself needs none of it.")
    {
        var format = new Command("format", "Makes empty data directories those of a node of a cluster.");
        var id = new Option<string>("--cluster-id", "-t") { Description = "The cluster's id, the same for all its nodes.", HelpName = "ID", Required = true };
        var ignore = new Option<bool>("--ignore-formatted", "-g") { Description = "Directories that are formatted already are left as they are." };
        foreach (var option in (Option[])[id, ignore, _config, _data, _set])
        {
            format.Options.Add(option);
        }

        format.SetAction(parsed => Run(parsed, config => StorageFormat.Format(config, parsed.GetValue(id)!, parsed.GetValue(ignore))));
        var info = new Command("info", "Tells which cluster and node the data directories belong to.");
        foreach (var option in (Option[])[_config, _data, _set])
        {
            info.Options.Add(option);
        }

        info.SetAction(parsed => Run(parsed, StorageFormat.Describe));
        var random = new Command("random-uuid", "Draws an id for a new cluster.");
        random.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(MetaProperties.IdText(MetaProperties.NewId()));
            return ExitCode.Success;
        });
        Subcommands.Add(format);
        Subcommands.Add(info);
        Subcommands.Add(random);
    }

    public string[] Examples { get; } =
    [
        "samsa storage random-uuid",
        "samsa storage format -t 4L6g3nShT-eMCtK--X86sw --config server.properties",
        "samsa storage info --data /var/lib/samsa",
    ];

    public static StorageCommand Create() => new();

    private int Run(ParseResult parsed, Func<BrokerConfig, IEnumerable<string>> work)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        BrokerConfig? config = null;
        try
        {
            config = BrokerConfig.Load(new BrokerConfigSources
            {
                PropertiesFile = parsed.GetValue(_config),
                Data = parsed.GetValue(_data),
                Set = parsed.GetValue(_set) ?? [],
                Environment = BrokerConfigSources.ProcessEnvironment(),
            });
            foreach (var line in work(config))
            {
                output.WriteLine(line);
            }

            return ExitCode.Success;
        }
        catch (Exception failure) when (StartException.From(failure, config) is { } explained)
        {
            error.WriteLine($"samsa: {explained.Message}");
            return explained.ExitCode;
        }
    }
}
