namespace Samsa.Cli.Tests;

/// <summary>Runs the command line in this process and keeps what it printed.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLine> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await SamsaCommand.RunAsync(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }
}
