using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Samsa.Cli;

/// <summary>`samsa version`: version, commit, runtime and platform in one line.</summary>
internal sealed class VersionCommand : Command, IHasExamples
{
    private VersionCommand()
        : base("version", "Prints Samsa's version, the commit it was built from, and the runtime.")
    {
        SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(
                $"Samsa {Number}{Commit} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
            return ExitCode.Success;
        });
    }

    public string[] Examples { get; } = ["samsa version"];

    /// <summary>The version number alone, such as 0.1.0.</summary>
    public static string Number => Informational.Split('+')[0];

    private static string Commit =>
        Informational.Split('+') is [_, { Length: >= 10 } commit] ? $" ({commit[..10]})" : "";

    private static string Informational =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static VersionCommand Create() => new();
}
