using System.Text.RegularExpressions;

namespace Samsa.Architecture.Tests;

/// <summary>Documents that lead somewhere.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Relative_links_lead_to_files_that_exist()
    {
        var broken = from file in Repository.Files("*.md")
                     from Match link in Link().Matches(WithoutCode(File.ReadAllText(file)))
                     let target = link.Groups[1].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     let path = Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(target))
                     where !File.Exists(path) && !Directory.Exists(path)
                     select $"{Repository.Relative(file)}: {target}";
        Findings.None(broken);
    }

    [Fact]
    public void Files_that_documents_name_exist()
    {
        var missing = from file in Repository.Files("*.md").Where(f => Repository.Relative(f) is not "CHANGELOG.md")
                      where !Repository.Relative(file).StartsWith("docs/decisions/", StringComparison.Ordinal)
                      from Match name in SourcePath().Matches(File.ReadAllText(file))
                      where !File.Exists(Path.Combine(Repository.Root, name.Value)) && !Directory.Exists(Path.Combine(Repository.Root, name.Value))
                      select $"{Repository.Relative(file)}: {name.Value}";
        Findings.None(missing);
    }

    [Fact]
    public void Every_decision_is_in_the_index()
    {
        var folder = Path.Combine(Repository.Root, "docs", "decisions");
        var index = File.ReadAllText(Path.Combine(folder, "README.md"));
        var records = Directory.EnumerateFiles(folder, "*.md").Select(Path.GetFileName).Where(f => f != "README.md").ToArray();
        Assert.All(records, r => Assert.Matches(@"^\d{4}-[a-z0-9-]+\.md$", r!));
        Findings.None(records.Where(r => !index.Contains($"({r})", StringComparison.Ordinal)));
        Assert.Equal(records.Length, records.Select(r => r![..4]).Distinct(StringComparer.Ordinal).Count());
    }

    private static string WithoutCode(string markdown) => Fence().Replace(markdown, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Fence();

    /// <summary>A path below src, tests, bench, scripts or docs with a file's ending.</summary>
    [GeneratedRegex(@"\b(?:src|tests|bench|docs|scripts)/[\w./-]+\.(?:cs|csproj|md|kmsg|json)\b")]
    private static partial Regex SourcePath();
}
