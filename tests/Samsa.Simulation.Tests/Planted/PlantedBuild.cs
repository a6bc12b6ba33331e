using System.Diagnostics;
using System.Text.Json;

namespace Samsa.Simulation.Tests.Planted;

/// <summary>
/// The simulator with every planted bug compiled in, each asleep until it is named: the projects concerned are compiled once more from
/// changed sources, exactly as the build does, and put beside a copy of the program. What ships knows nothing of it.
/// </summary>
public sealed class PlantedBuild : IDisposable
{
    private const string Variable = "SAMSA_TEST_PLANTED_BUG";
    private static readonly string s_root = FindRoot();
    private readonly string _directory = Directory.CreateTempSubdirectory("samsa-planted-").FullName;
    private readonly Dictionary<(int Seed, int Brokers, bool NewProtocol), (bool Holds, string Output)> _withoutBug = [];

    /// <summary>Compiles.</summary>
    public PlantedBuild()
    {
        var program = Path.GetDirectoryName(typeof(Scenario).Assembly.Location)!;
        foreach (var file in Directory.EnumerateFiles(program).Where(f => Path.GetExtension(f) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(_directory, Path.GetFileName(file)));
        }

        foreach (var project in PlantedBug.All.GroupBy(b => b.Project))
        {
            Compile(project.Key, [.. project]);
        }
    }

    /// <summary>Runs a seed with one of the bugs.</summary>
    /// <returns>Whether every rule held, and what the program said.</returns>
    public (bool Holds, string Output) Run(int seed, PlantedBug bug) => Run(seed, bug.Brokers, bug.NewProtocol, bug.Name);

    /// <summary>Runs a seed without any of the bugs, once for all who ask.</summary>
    /// <returns>Whether every rule held, and what the program said.</returns>
    public (bool Holds, string Output) RunWithoutBug(int seed, int brokers, bool newProtocol)
    {
        if (!_withoutBug.TryGetValue((seed, brokers, newProtocol), out var found))
        {
            _withoutBug[(seed, brokers, newProtocol)] = found = Run(seed, brokers, newProtocol, "");
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private (bool Holds, string Output) Run(int seed, int brokers, bool newProtocol, string bug)
    {
        // Half a minute of three brokers has about as much happen in it as a minute of one.
        string[] arguments = ["--seed", $"{seed}", "--brokers", $"{brokers}", "--minutes", brokers == 1 ? "1" : "0.5", .. newProtocol ? (string[])["--new-protocol"] : []];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_directory, "Samsa.Simulation.dll"), .. arguments]);
        start.Environment[Variable] = bug;
        start.Environment["DOTNET_TieredPGO"] = "0";
        var (code, output) = Execute(start);
        return (code == 0, output);
    }

    private void Compile(string project, PlantedBug[] bugs)
    {
        var folder = Path.Combine(s_root, "src", $"Samsa.{project}");
        var arguments = CompilerArguments(Path.Combine(folder, $"Samsa.{project}.csproj"));
        foreach (var file in bugs.GroupBy(b => b.File))
        {
            var source = File.ReadAllText(Path.Combine(folder, file.Key));
            foreach (var bug in file)
            {
                Assert.True(Count(source, bug.Code) == 1, $"{bug.File} has changed: the bug \"{bug.Name}\" has to be planted anew");
                source = source.Replace(bug.Code, bug.Instead.Replace("PLANTED", $"(global::System.Environment.GetEnvironmentVariable(\"{Variable}\") == \"{bug.Name}\")", StringComparison.Ordinal), StringComparison.Ordinal);
            }

            var changed = Path.Combine(_directory, file.Key.Replace('/', '.'));
            File.WriteAllText(changed, source);
            var index = Array.FindIndex(arguments, a => a == file.Key || a == Path.Combine(folder, file.Key));
            Assert.True(index >= 0, $"{file.Key} is not compiled");
            arguments[index] = changed;
        }

        var response = Path.Combine(_directory, $"{project}.rsp");
        File.WriteAllLines(response, arguments
            .Where(a => !IsOutput(a))
            .Append("/skipanalyzers+")
            .Append($"/out:{Path.Combine(_directory, $"Samsa.{project}.dll")}")
            .Select(a => a.Contains(' ', StringComparison.Ordinal) && !a.Contains('"', StringComparison.Ordinal) ? $"\"{a}\"" : a));
        var compiler = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../../sdk");
        var newest = Directory.EnumerateDirectories(compiler).OrderBy(d => Version.TryParse(Path.GetFileName(d), out var v) ? v : new Version()).Last();
        var (code, output) = Execute(new ProcessStartInfo("dotnet", ["exec", Path.Combine(newest, "Roslyn/bincore/csc.dll"), $"@{response}"]) { WorkingDirectory = folder });
        Assert.True(code == 0, output);
    }

    // The build itself says how it would call the compiler; an output that never exists has it say so when nothing has changed, too.
    private static string[] CompilerArguments(string project)
    {
        var (code, output) = Execute(new ProcessStartInfo(
            "dotnet",
            [
                "msbuild", project, "-nologo", "-t:Compile", "-p:DesignTimeBuild=true", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
                "-p:BuildProjectReferences=false", "-p:SamsaAnalyzers=off", "-p:NonExistentFile=__NonExistentSubDir__/__NonExistentFile__", "-nodeReuse:false", "-getItem:CscCommandLineArgs",
            ]));
        Assert.True(code == 0, output);
        using var items = JsonDocument.Parse(output);
        return [.. items.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
    }

    private static bool IsOutput(string argument) =>
        argument.StartsWith("/out:", StringComparison.Ordinal) || argument.StartsWith("/refout:", StringComparison.Ordinal)
        || argument.StartsWith("/doc:", StringComparison.Ordinal) || argument.StartsWith("/warnaserror", StringComparison.Ordinal);

    private static (int Code, string Output) Execute(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Samsa.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Samsa.slnx is not above the tests");
        }

        return folder;
    }
}
