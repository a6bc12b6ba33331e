using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Samsa.Protocol.Generator;

namespace Samsa.Protocol.Tests.Generator;

public class KmsgGeneratorTests
{
    private const string Sound = """
        # Says hello.
        api 200 Hello
        versions 0-2
        flexible 2+

        request
          Name  string
          Parts  []Part  1+
            Size  int32

        response
          ErrorCode  int16 as ErrorCode
        """;

    public static TheoryData<string, int, string, string> Wrong => new()
    {
        { "hello 3", 1, "SAMSA001", "'hello' before 'api'" },
        { "api x Hello", 1, "SAMSA001", "Expected 'api KEY NAME'" },
        { "api 40000 Hello", 1, "SAMSA001", "Expected 'api KEY NAME'" },
        { "record fancy 3 Hello", 1, "SAMSA001", "record metadata|key|value|remote" },
        { "api 3 hello", 1, "SAMSA001", "begin with a capital" },
        { Data("  Name"), 5, "SAMSA001", "needs a name and a type" },
        { Data("  name  string"), 5, "SAMSA001", "begin with a capital" },
        { Data("  Name  string  0+  ignoreable"), 5, "SAMSA001", "'ignoreable' is neither" },
        { Data("   Name  string"), 5, "SAMSA002", "two spaces" },
        { Data("  Name  string\n      Child  int32"), 6, "SAMSA002", "indented further" },
        { "record data Hello\nflexible none\nfields\n  Name  string", 1, "SAMSA003", "no 'versions'" },
        { "api 3 Hello\nversions 0\nflexible 0+\nrequest\n  Name  string", 1, "SAMSA003", "no 'response'" },
        { Data("  Name  string  3-1"), 5, "SAMSA004", "'3-1' is no range" },
        { Data("  Name  string  9+"), 5, "SAMSA004", "'Name' exists in 9+" },
        { "record data Hello\nversions 1+", 2, "SAMSA004", "no closed range" },
        { "record data Hello\nversions 1\nflexible 2", 3, "SAMSA004", "neither 'none'" },
        { Data("  Name  sting"), 5, "SAMSA005", "'sting'" },
        { Data("  Names  []Missing"), 5, "SAMSA005", "'Missing'" },
        { Data("  Count  int32?"), 5, "SAMSA006", "no null" },
        { Data("  Blobs  []bytes"), 5, "SAMSA006", "array of bytes" },
        { Data("  Part  Part  1+\n    Size  int32"), 5, "SAMSA006", "must be nullable" },
        { Data("  Leader  int32 as Broker"), 5, "SAMSA007", "'Broker' is no strong type" },
        { Data("  Leader  int64 as BrokerId"), 5, "SAMSA007", "stands for int32" },
        { Data("  Count  int16  default 40000"), 5, "SAMSA008", "'40000' is no default" },
        { Data("  Name  string  default null"), 5, "SAMSA008", "'null' is no default" },
        { Data("  tag 1 Name  string  1+"), 5, "SAMSA009", "expected 0" },
        { Data("  tag 0 Name  string  0+"), 5, "SAMSA009", "tags exist from version 1" },
        { Data("  tag x Name  string"), 5, "SAMSA009", "tag NUMBER NAME" },
        { Data("  tag 0 Name  string  1+\n  Last  int32"), 6, "SAMSA009", "before the tagged fields" },
        { Data("  Name  string\n  Name  int32"), 6, "SAMSA010", "defined twice" },
        { Data("  Name  string") + "\nfields\n  Name  string", 6, "SAMSA010", "'fields' is given twice" },
        { Data("  Name  string\n  struct Part\n    Size  int32"), 6, "SAMSA011", "'Part' is never used" },
        { Data("  Root  []Part\n  struct Part\n    Parts  []Part"), 6, "SAMSA012", "contains itself" },
        { Data("  Parts  []Part\n    Size  int32  1+"), 5, "SAMSA013", "no bytes in version 0" },
        { Data("  Part  []Part\n    Size  int32"), 5, "SAMSA014", "rename the struct" },
    };

    [Fact]
    public void A_sound_definition_gives_code_and_no_diagnostic()
    {
        var result = Run(("Hello.kmsg", Sound));
        Assert.Empty(result.Diagnostics);
        var code = Assert.Single(result.GeneratedTrees, t => t.FilePath.EndsWith("Hello.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("public sealed partial class HelloRequest : IRequest", code, StringComparison.Ordinal);
        Assert.Contains("public ErrorCode ErrorCode { get; set; }", code, StringComparison.Ordinal);
        Assert.Single(result.GeneratedTrees, t => t.FilePath.EndsWith("ApiCatalog.g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_definition_gives_a_diagnostic_with_file_line_and_reason(string text, int line, string id, string reason)
    {
        var result = Run(("Wrong.kmsg", text));
        var diagnostic = Assert.Single(result.Diagnostics, d => d.Id == id);
        var place = diagnostic.Location.GetLineSpan();
        Assert.Equal(("Wrong.kmsg", line), (place.Path, place.StartLinePosition.Line + 1));
        Assert.Contains(reason, diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Empty(result.GeneratedTrees);
    }

    [Fact]
    public void Two_apis_of_one_key_are_refused_where_the_second_stands()
    {
        var result = Run(("A.kmsg", Sound), ("B.kmsg", Sound.Replace("Hello", "Goodbye", StringComparison.Ordinal)));
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("SAMSA010", diagnostic.Id);
        Assert.Contains("'Goodbye' and 'Hello'", diagnostic.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unchanged_file_is_not_generated_again()
    {
        var file = new Definition("A.kmsg", Sound);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new KmsgGenerator().AsSourceGenerator()],
            [file],
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(CSharpCompilation.Create("first"));
        driver = driver.AddAdditionalTexts([new Definition("B.kmsg", Sound.Replace("Hello", "Goodbye", StringComparison.Ordinal).Replace("200", "201", StringComparison.Ordinal))]);
        var result = driver.RunGenerators(CSharpCompilation.Create("second")).GetRunResult().Results[0];
        var reasons = result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(o => o.Reason).ToList();
        Assert.Contains(IncrementalStepRunReason.Cached, reasons);
    }

    private static string Data(string fields) => $"record data Hello\nversions 0-2\nflexible 1+\nfields\n{fields}";

    private static GeneratorDriverRunResult Run(params (string Path, string Text)[] files) =>
        CSharpGeneratorDriver.Create(
                [new KmsgGenerator().AsSourceGenerator()],
                files.Select(f => (AdditionalText)new Definition(f.Path, f.Text)).ToImmutableArray())
            .RunGenerators(CSharpCompilation.Create("definitions"))
            .GetRunResult();

    private sealed class Definition(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
