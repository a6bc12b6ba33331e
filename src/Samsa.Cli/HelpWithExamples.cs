using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Samsa.Cli;

/// <summary>The usual help, followed by examples of the command it belongs to.</summary>
internal sealed class HelpWithExamples(HelpAction help, Dictionary<Command, string[]> examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Gives a command examples, one per line; subcommands bring their own.</summary>
    public static void AddTo(RootCommand root, params string[] ofRoot)
    {
        var all = new Dictionary<Command, string[]> { [root] = ofRoot };
        foreach (var command in root.Subcommands.OfType<IHasExamples>())
        {
            all[(Command)command] = command.Examples;
        }

        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!, all);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (examples.TryGetValue(parseResult.CommandResult.Command, out var lines))
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return code;
    }
}

/// <summary>A command whose help ends with examples.</summary>
internal interface IHasExamples
{
    /// <summary>One command line each, with what it does.</summary>
    string[] Examples { get; }
}
