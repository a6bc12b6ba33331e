using System.CommandLine;

namespace Samsa.Cli;

/// <summary>A command line that cannot be understood: what is wrong, and where to read on.</summary>
internal static class UsageError
{
    public static int Report(ParseResult parsed, TextWriter error)
    {
        foreach (var problem in parsed.Errors)
        {
            error.WriteLine($"samsa: {problem.Message}");
        }

        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "samsa" : $"samsa {command.Name}";
        error.WriteLine($"'{path} --help' lists what it takes.");
        return ExitCode.Usage;
    }
}
