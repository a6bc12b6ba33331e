using Microsoft.CodeAnalysis.Text;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Tests;

/// <summary>One generated class with its definition: what the tests need to fill, encode and compare it on their own.</summary>
public sealed class Layout
{
    private Layout(MessageDefinition definition, MessageSection section)
    {
        Definition = definition;
        Root = section.Root;
        var space = definition.Kind is DefinitionKind.Api or DefinitionKind.Header ? "Messages" : "Records";
        Type = typeof(IMessage).Assembly.GetType($"Samsa.Protocol.{space}.{section.Root.Name}", throwOnError: true)!;
    }

    /// <summary>Every message there is: requests, responses, headers, records.</summary>
    public static IReadOnlyList<Layout> All { get; } = Load();

    public Type Type { get; }

    internal MessageDefinition Definition { get; }

    internal StructDefinition Root { get; }

    public int FirstVersion => Definition.Versions.First;

    public int LastVersion => Definition.Versions.Last;

    public static Layout Of(string name) => All.Single(l => l.Root.Name == name);

    public IMessage New() => (IMessage)Activator.CreateInstance(Type)!;

    public override string ToString() => Root.Name;

    private static List<Layout> Load()
    {
        var layouts = new List<Layout>();
        var assembly = typeof(Layout).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".kmsg", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var problems = new Problems();
            foreach (var definition in DefinitionParser.Parse(name, SourceText.From(stream), problems))
            {
                DefinitionChecker.Check(definition, problems);
                layouts.AddRange(definition.Sections.Select(section => new Layout(definition, section)));
            }

            Assert.Empty(problems.Found);
        }

        return layouts;
    }
}
