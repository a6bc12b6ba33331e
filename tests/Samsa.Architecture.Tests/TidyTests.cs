using System.Text.RegularExpressions;

namespace Samsa.Architecture.Tests;

/// <summary>Habits that are cheap to keep and dear to win back.</summary>
public sealed partial class TidyTests
{
    /// <summary>No file of src may reach this; new ones should stay far below.</summary>
    private const int LongestFile = 400;

    private const int LongestMethod = 60;

    /// <summary>Half of the files must be at most this long: the house stays made of small pieces.</summary>
    private const int MedianFile = 110;

    /// <summary>Tables are read from top to bottom and may be long. Only ever shorten this list.</summary>
    private static readonly HashSet<string> LongTables = new(StringComparer.Ordinal)
    {
        "src/Samsa.Model/ErrorCode.cs",
        "src/Samsa.Model/ErrorCodes.cs",
    };

    [Fact]
    public void Files_stay_short()
    {
        var files = Repository.Sources("src").Where(f => !LongTables.Contains(f.Path)).ToArray();
        Findings.None(files.Where(f => f.Lines.Length > LongestFile).Select(f => $"{f.Path}: {f.Lines.Length} lines, {LongestFile} at most"));
        var median = files.Select(f => f.Lines.Length).Order().ElementAt(files.Length / 2);
        Assert.True(median <= MedianFile, $"the median file has {median} lines, {MedianFile} at most");
    }

    [Fact]
    public void Methods_stay_short()
    {
        var tooLong = Repository.Sources("src", "tests", "bench")
            .SelectMany(file => MethodLengths.Of(file)
                .Where(m => m.Lines > LongestMethod)
                .Select(m => $"{file.Path}:{m.Start} {m.Name}: {m.Lines} lines, {LongestMethod} at most"));
        Findings.None(tooLong);
    }

    [Fact]
    public void Names_say_what_a_type_does()
    {
        var vague = Repository.Sources("src", "bench")
            .SelectMany(file => Matches(file, VagueType()).Select(m => $"{file.Path}:{m}"));
        Findings.None(vague);
    }

    [Fact]
    public void No_regions() => Findings.None(Lines(Region()));

    [Fact]
    public void A_todo_names_its_issue() => Findings.None(Lines(LooseTodo()));

    [Fact]
    public void Tests_do_not_sleep() =>
        Findings.None(Repository.Sources("tests").Where(NotThisFile).SelectMany(f => Matches(f, Sleep()).Select(m => $"{f.Path}:{m}")));

    [Fact]
    public void Nobody_forgets_to_pass_a_cancellation_token_on() =>
        Findings.None(Repository.Sources("src").SelectMany(f => Matches(f, DefaultedToken()).Select(m => $"{f.Path}:{m}")));

    [Fact]
    public void Continuations_stay_on_the_scheduler_they_were_started_on() =>
        Findings.None(Repository.Sources("src").SelectMany(f => Matches(f, EscapingAwait()).Select(m => $"{f.Path}:{m}")));

    [Fact]
    public void Generated_code_is_not_checked_in() =>
        Findings.None(Repository.Sources("src", "tests", "bench").Where(f => f.Path.EndsWith(".g.cs", StringComparison.Ordinal)).Select(f => f.Path));

    [Fact]
    public void A_switched_off_warning_says_why() => Findings.None(Lines(BarePragma()));

    [Fact]
    public void Nothing_names_the_machine_it_was_written_on()
    {
        string[] patterns = ["*.cs", "*.md", "*.csproj", "*.props", "*.kmsg", "*.sh", "*.json", "*.yml"];
        var found = patterns.SelectMany(p => Repository.Files(p)).Select(f => new SourceFile(f)).Where(NotThisFile)
            .Concat(new[] { "samsa", "test", ".ci/run" }.Select(f => new SourceFile(Path.Combine(Repository.Root, f))))
            .SelectMany(f => Matches(f, MachinePath()).Select(m => $"{f.Path}:{m}"));
        Findings.None(found);
    }

    [Fact]
    public void The_root_holds_only_what_belongs_there()
    {
        string[] expected =
        [
            ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Directory.Build.props",
            "Directory.Packages.props", "LICENSE", "NOTICE", "README.md", "Samsa.slnx", "bench", "docs", "global.json", "samsa",
            "scripts", "src", "test", "tests",
        ];
        string[] unversioned = [".git", ".github", ".idea", ".vs", ".vscode", "artifacts", "samsa-data", "BenchmarkDotNet.Artifacts"];
        var strangers = Directory.EnumerateFileSystemEntries(Repository.Root)
            .Select(Path.GetFileName)
            .Where(name => !expected.Contains(name, StringComparer.Ordinal) && !unversioned.Contains(name, StringComparer.Ordinal));
        Findings.None(strangers);
    }

    private static IEnumerable<string> Lines(Regex pattern) =>
        Repository.Sources("src", "tests", "bench").Where(NotThisFile).SelectMany(f => Matches(f, pattern).Select(m => $"{f.Path}:{m}"));

    private static bool NotThisFile(SourceFile file) => !file.Path.EndsWith("/TidyTests.cs", StringComparison.Ordinal);

    private static IEnumerable<string> Matches(SourceFile file, Regex pattern) =>
        file.Lines.Index().Where(l => pattern.IsMatch(l.Item)).Select(l => $"{l.Index + 1}: {l.Item.Trim()}");

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+\w*(Utils?|Utilities|Helpers?|Common|Manager|Base|Impl)\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"^\s*#region")]
    private static partial Regex Region();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b(?! \(#\d+\))")]
    private static partial Regex LooseTodo();

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"CancellationToken \w+ = default")]
    private static partial Regex DefaultedToken();

    [GeneratedRegex(@"\.ConfigureAwait\((?!.*ContinueOnCapturedContext)")]
    private static partial Regex EscapingAwait();

    [GeneratedRegex(@"#pragma warning disable\s+[\w, ]+$")]
    private static partial Regex BarePragma();

    [GeneratedRegex(@"(^|[\s""'`(=])/(work|home|root|Users)/\w|[A-Z]:\\Users")]
    private static partial Regex MachinePath();
}
