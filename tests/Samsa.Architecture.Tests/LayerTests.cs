using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Samsa.Architecture.Tests;

/// <summary>What a layer may use of the runtime: Core decides, and touches nothing that could answer differently twice.</summary>
public sealed class LayerTests
{
    private static readonly ArchUnitNET.Domain.Architecture Samsa = new ArchLoader()
        .LoadAssemblies([.. Assemblies()])
        .Build();

    [Theory]
    [InlineData(@"^System\.Threading\.Tasks\..*", "tasks")]
    [InlineData(@"^System\.Net\.Sockets\..*", "sockets")]
    [InlineData(@"^System\.IO\.(File|Directory|FileStream|RandomAccess|Path)$", "files")]
    [InlineData(@"^Microsoft\.Extensions\.Logging\..*", "loggers")]
    [InlineData(@"^System\.(TimeProvider|Random|Guid\.NewGuid|Diagnostics\.Stopwatch)$", "clocks and dice")]
    public void The_deterministic_core_uses_none_of(string forbidden, string what)
    {
        // Interfaces are Core's ports: others implement them, and may take their time.
        Types().That().ResideInNamespaceMatching(@"^Samsa\.Core(\..*)?$").And().AreNot(Interfaces())
            .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(forbidden)
            .Because($"Core takes input and time and gives records and responses, without {what}")
            .WithoutRequiringPositiveResults()
            .Check(Samsa);
    }

    [Fact]
    public void Logs_are_written_through_the_source_generated_methods_only()
    {
        Types().That().ResideInNamespaceMatching(@"^Samsa\..*")
            .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(@"^Microsoft\.Extensions\.Logging\.LoggerExtensions$")
            .WithoutRequiringPositiveResults()
            .Check(Samsa);
    }

    private static IEnumerable<System.Reflection.Assembly> Assemblies() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Where(f => Path.GetFileName(f) is var name
                && (name == "samsa.dll" || (name.StartsWith("Samsa.", StringComparison.Ordinal) && !name.Contains(".Tests.", StringComparison.Ordinal))))
            .Select(System.Reflection.Assembly.LoadFrom);
}
