using System.Xml.Linq;

namespace Samsa.Architecture.Tests;

/// <summary>Which project may reference which: the table of docs/architecture.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Protocol.Generator"] = [],
        ["Protocol"] = ["Model", "Protocol.Generator"],
        ["Records"] = ["Model", "Protocol"],
        ["Core"] = ["Model", "Protocol", "Records"],
        ["Storage"] = ["Model", "Protocol", "Records"],
        ["Network"] = ["Model", "Protocol"],
        ["Controller"] = ["Core", "Storage"],
        ["Broker"] = ["Core", "Storage", "Network"],
        ["Client"] = ["Records", "Network"],
        ["Server"] = ["Broker", "Controller"],
        ["Testing"] = ["Server", "Client"],
        ["Cli"] = ["Server", "Client"],
        ["Console"] = ["Client"],
    };

    [Fact]
    public void A_project_references_only_what_lies_below_it()
    {
        var wrong = new List<string>();
        foreach (var file in Repository.Files("*.csproj", "src"))
        {
            var project = Short(file);
            if (!Allowed.TryGetValue(project, out var allowed))
            {
                wrong.Add($"{project} is not in the table of docs/architecture.md");
                continue;
            }

            wrong.AddRange(References(file).Where(r => !allowed.Contains(r, StringComparer.Ordinal)).Select(r => $"{project} references {r}"));
        }

        Findings.None(wrong);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Load(Path.Combine(Repository.Root, "Samsa.slnx"));
        var listed = solution.Descendants("Project").Select(p => p.Attribute("Path")!.Value).ToHashSet(StringComparer.Ordinal);
        var forgotten = Repository.Files("*.csproj", "src", "tests", "bench").Select(Repository.Relative).Where(p => !listed.Contains(p));
        Findings.None(forgotten);
    }

    [Fact]
    public void Every_project_with_code_has_its_tests()
    {
        var untested = Repository.Files("*.csproj", "src")
            .Select(Short)
            // The generator is tested where its output is: in Samsa.Protocol.Tests.
            .Where(p => p != "Protocol.Generator")
            .Where(p => !File.Exists(Path.Combine(Repository.Root, "tests", $"Samsa.{p}.Tests", $"Samsa.{p}.Tests.csproj")));
        Findings.None(untested);
    }

    [Fact]
    public void Versions_of_packages_are_in_one_place()
    {
        var elsewhere = Repository.Files("*.csproj")
            .SelectMany(file => XDocument.Load(file).Descendants("PackageReference")
                .Where(p => p.Attribute("Version") is not null || p.Attribute("VersionOverride") is not null)
                .Select(p => $"{Repository.Relative(file)}: {p.Attribute("Include")?.Value}"));
        Findings.None(elsewhere);
    }

    private static string Short(string file) => Path.GetFileNameWithoutExtension(file)["Samsa.".Length..];

    private static IEnumerable<string> References(string file) =>
        XDocument.Load(file).Descendants("ProjectReference").Select(r => Short(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
