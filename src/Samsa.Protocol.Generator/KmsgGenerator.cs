using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Samsa.Protocol.Generator.Definitions;
using Samsa.Protocol.Generator.Emission;

namespace Samsa.Protocol.Generator;

/// <summary>
/// Turns the <c>.kmsg</c> definitions among a project's additional files into message classes, and all of them into the
/// catalog of APIs. A wrong definition gives a diagnostic SAMSAxxx at its line, and no code.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class KmsgGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // A file whose text is the same is not parsed again: the parsed form never leaves its step.
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".kmsg", StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancellation) => new KmsgFile(file.Path, file.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(files, EmitMessages);
        context.RegisterSourceOutput(files.Collect(), EmitCatalog);
    }

    private static void EmitMessages(SourceProductionContext context, KmsgFile file)
    {
        var problems = new Problems();
        foreach (var definition in file.Parse(problems))
        {
            context.AddSource(definition.Name + ".g.cs", MessageEmitter.Emit(definition));
        }

        foreach (var problem in problems.Found)
        {
            context.ReportDiagnostic(problem);
        }
    }

    private static void EmitCatalog(SourceProductionContext context, ImmutableArray<KmsgFile> files)
    {
        // What is wrong within one file has been told already.
        var definitions = files.SelectMany(static f => f.Parse(new Problems())).ToList();
        var problems = new Problems();
        var apis = Distinct(definitions, DefinitionKind.Api, problems);
        var records = Distinct(definitions, DefinitionKind.MetadataRecord, problems);
        foreach (var problem in problems.Found)
        {
            context.ReportDiagnostic(problem);
        }

        if (apis.Count > 0)
        {
            context.AddSource("ApiCatalog.g.cs", CatalogEmitter.EmitApis(apis));
        }

        if (records.Count > 0)
        {
            context.AddSource("MetadataRecordCodec.g.cs", CatalogEmitter.EmitMetadataRecords(records));
        }
    }

    private static List<MessageDefinition> Distinct(List<MessageDefinition> definitions, DefinitionKind kind, Problems problems)
    {
        var distinct = new List<MessageDefinition>();
        foreach (var definition in definitions.Where(d => d.Kind == kind).OrderBy(d => d.Key))
        {
            if (distinct.Count > 0 && distinct[distinct.Count - 1].Key == definition.Key)
            {
                problems.Add(Problems.Duplicate, definition.Line, $"'{definition.Name}' and '{distinct[distinct.Count - 1].Name}' have the same number {definition.Key}");
                continue;
            }

            distinct.Add(definition);
        }

        return distinct;
    }

    /// <summary>A definition file, equal to another of the same path and text.</summary>
    private sealed record KmsgFile(string Path, string Text)
    {
        /// <summary>The file's definitions; none where there is a problem.</summary>
        public IReadOnlyList<MessageDefinition> Parse(Problems problems)
        {
            var definitions = DefinitionParser.Parse(Path, SourceText.From(Text), problems);
            foreach (var definition in definitions)
            {
                DefinitionChecker.Check(definition, problems);
            }

            return problems.Found.Count == 0 ? definitions : [];
        }
    }
}
