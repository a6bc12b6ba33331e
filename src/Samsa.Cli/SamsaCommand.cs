using System.CommandLine;
using Samsa.Cli.Clusters;
using Samsa.Cli.Serving;
using Samsa.Cli.Storage;

namespace Samsa.Cli;

/// <summary>The `samsa` command line: parses, runs one subcommand, gives its exit code.</summary>
internal static class SamsaCommand
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = Build();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return UsageError.Report(parsed, error);
        }

        // The server stops by signal in its own way (StopSignals), so the library's own handling is off.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Build()
    {
        var root = new RootCommand("Samsa, a broker that speaks Apache Kafka's protocol.")
        {
            ServerCommand.Create(BrokerProcess.StartAsync),
            ClusterCommand.Create(),
            StorageCommand.Create(),
            VersionCommand.Create(),
        };
        // `samsa version` is the one way to ask; a bare `samsa` shows the help.
        root.Options.Remove(root.Options.Single(o => o is VersionOption));
        root.SetAction(parsed => root.Parse("--help").Invoke(parsed.InvocationConfiguration));
        HelpWithExamples.AddTo(root,
            "samsa server                                  a broker on localhost:9092, data in ./samsa-data",
            "samsa server --listeners PLAINTEXT://:9192    on every address, port 9192",
            "samsa cluster start                           three nodes on ports 9092 to 9094, for development",
            "samsa server --help                           every option, with examples");
        return root;
    }
}
