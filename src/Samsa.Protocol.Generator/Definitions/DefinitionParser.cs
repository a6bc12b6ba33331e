using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.CodeAnalysis.Text;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>Reads a <c>.kmsg</c> file line by line. Every problem is noted with its line, and reading goes on.</summary>
internal sealed class DefinitionParser
{
    private readonly Problems _problems;
    private readonly List<MessageDefinition> _definitions = [];
    private readonly List<string> _comments = [];
    private readonly List<StructDefinition> _open = [];
    private MessageDefinition? _definition;
    private MessageSection? _section;

    private DefinitionParser(Problems problems) => _problems = problems;

    /// <summary>The definitions of a file; only worth generating from where no problem was found.</summary>
    public static IReadOnlyList<MessageDefinition> Parse(string path, SourceText text, Problems problems)
    {
        var parser = new DefinitionParser(problems);
        foreach (var line in text.Lines)
        {
            parser.ReadLine(line.ToString(), new SourceLine(path, line.Span, line.LineNumber));
        }

        return parser._definitions;
    }

    private void ReadLine(string line, SourceLine at)
    {
        var trimmed = line.Trim();
        if (trimmed.Length == 0)
        {
            _comments.Clear();
            return;
        }

        if (trimmed[0] == '#')
        {
            _comments.Add(trimmed.Substring(1).Trim());
            return;
        }

        var comment = string.Join(" ", _comments);
        var hash = trimmed.IndexOf(" #", StringComparison.Ordinal);
        if (hash >= 0)
        {
            comment = trimmed.Substring(hash + 2).Trim();
            trimmed = trimmed.Substring(0, hash);
        }

        var words = trimmed.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var indent = line.Length - line.TrimStart().Length;
        if (line.Substring(0, indent).IndexOf('\t') >= 0 || indent % 2 != 0)
        {
            _problems.Add(Problems.Indentation, at, "Indent by two spaces per level");
        }
        else if (indent == 0)
        {
            ReadTopLine(words, at);
        }
        else
        {
            ReadSectionLine(words, indent / 2, comment, at);
        }

        _comments.Clear();
    }

    private void ReadTopLine(string[] words, SourceLine at)
    {
        switch (words[0])
        {
            case "api" or "header" or "record":
                Begin(words, at);
                break;
            case var _ when _definition is null:
                _problems.Add(Problems.Syntax, at, $"'{words[0]}' before 'api', 'header' or 'record'");
                break;
            case "versions" when words.Length == 2:
                ReadVersions(_definition, words[1], at);
                break;
            case "flexible" when words.Length == 2:
                ReadFlexible(_definition, words[1], at);
                break;
            case "request-header" or "response-header" when _definition.Kind == DefinitionKind.Api:
                ReadHeaderOverride(_definition, words, at);
                break;
            case "request" or "response" when _definition.Kind == DefinitionKind.Api && words.Length == 1:
            case "fields" when _definition.Kind != DefinitionKind.Api && words.Length == 1:
                BeginSection(_definition, words[0], at);
                break;
            default:
                _problems.Add(Problems.Syntax, at, $"'{string.Join(" ", words)}' does not belong here");
                break;
        }
    }

    private void Begin(string[] words, SourceLine at)
    {
        _section = null;
        _definition = null;
        var numbered = words[0] == "api" || (words[0] == "record" && words.Length > 1 && words[1] != "data");
        var expected = (words[0] == "record" ? 2 : 1) + (numbered ? 2 : 1);
        var key = -1;
        DefinitionKind? kind = words[0] switch
        {
            "api" => DefinitionKind.Api,
            "header" => DefinitionKind.Header,
            _ when words.Length < 2 => null,
            _ => words[1] switch
            {
                "metadata" => DefinitionKind.MetadataRecord,
                "key" => DefinitionKind.RecordKey,
                "value" => DefinitionKind.RecordValue,
                "remote" => DefinitionKind.RemoteRecord,
                "data" => DefinitionKind.Data,
                _ => null,
            },
        };
        if (kind is null
            || words.Length != expected
            || (numbered && (!int.TryParse(words[expected - 2], NumberStyles.None, CultureInfo.InvariantCulture, out key) || key > short.MaxValue)))
        {
            _problems.Add(
                Problems.Syntax,
                at,
                "Expected 'api KEY NAME', 'header NAME', 'record metadata|key|value|remote NUMBER NAME' or 'record data NAME'");
            return;
        }

        var name = words[expected - 1];
        if (!FieldParser.IsPascalCase(name))
        {
            _problems.Add(Problems.Syntax, at, $"The name '{name}' must be letters and digits and begin with a capital");
            return;
        }

        _definition = new MessageDefinition { Kind = kind.Value, Key = key, Name = name, Comments = [.. _comments], Line = at };
        _definitions.Add(_definition);
    }

    private void ReadVersions(MessageDefinition definition, string text, SourceLine at)
    {
        if (definition.HasVersions)
        {
            _problems.Add(Problems.Duplicate, at, "'versions' is given twice");
        }
        else if (!VersionRange.TryParse(text, out var range) || range.Last == VersionRange.Open)
        {
            _problems.Add(Problems.Versions, at, $"'{text}' is no closed range of versions such as '0-3' or '2'");
        }
        else
        {
            definition.Versions = range;
            definition.HasVersions = true;
        }
    }

    private void ReadFlexible(MessageDefinition definition, string text, SourceLine at)
    {
        if (text == "none")
        {
            definition.FirstFlexible = VersionRange.Open;
        }
        else if (VersionRange.TryParse(text, out var range) && range.Last == VersionRange.Open)
        {
            definition.FirstFlexible = range.First;
        }
        else
        {
            _problems.Add(Problems.Versions, at, $"'{text}' is neither 'none' nor a version such as '2+'");
        }
    }

    private void ReadHeaderOverride(MessageDefinition definition, string[] words, SourceLine at)
    {
        if (words.Length != 4
            || words[2] != "in"
            || !VersionRange.TryParse(words[1], out var version)
            || version.First != version.Last
            || !VersionRange.TryParse(words[3], out var range))
        {
            _problems.Add(Problems.Syntax, at, $"Expected '{words[0]} HEADERVERSION in VERSIONS'");
            return;
        }

        var rule = new HeaderOverride(version.First, range);
        if (words[0] == "request-header")
        {
            definition.RequestHeader = rule;
        }
        else
        {
            definition.ResponseHeader = rule;
        }
    }

    private void BeginSection(MessageDefinition definition, string keyword, SourceLine at)
    {
        if (definition.Sections.Exists(s => s.Keyword == keyword))
        {
            _problems.Add(Problems.Duplicate, at, $"The section '{keyword}' is given twice");
        }

        var name = keyword switch
        {
            "request" => definition.Name + "Request",
            "response" => definition.Name + "Response",
            _ => definition.Name,
        };
        _section = new MessageSection(keyword, new StructDefinition(name, at));
        definition.Sections.Add(_section);
        _open.Clear();
        _open.Add(_section.Root);
    }

    private void ReadSectionLine(string[] words, int level, string comment, SourceLine at)
    {
        if (_section is null)
        {
            _problems.Add(Problems.Syntax, at, "A field outside 'request', 'response' or 'fields'");
            return;
        }

        if (words[0] == "struct" && words.Length == 2 && level == 1)
        {
            Open(AddStruct(words[1], at), level);
            return;
        }

        if (level > _open.Count)
        {
            _problems.Add(Problems.Indentation, at, "A field may be indented further only below a field of a struct type that is new here");
            return;
        }

        if (FieldParser.Parse(words, comment, at, _problems) is not { } field)
        {
            return;
        }

        var owner = _open[level - 1];
        if (level > 1 && !_section.Structs.Contains(owner))
        {
            _section.Structs.Add(owner);
        }

        owner.Fields.Add(field);
        if (field.Type.StructName is { } name && !_section.Structs.Exists(s => s.Name == name))
        {
            // Either the struct's fields follow, deeper, or it is defined further down under `struct`.
            Open(new StructDefinition(name, at), level);
        }
        else
        {
            _open.RemoveRange(level, _open.Count - level);
        }
    }

    private StructDefinition AddStruct(string name, SourceLine at)
    {
        var definition = new StructDefinition(name, at);
        if (!FieldParser.IsPascalCase(name))
        {
            _problems.Add(Problems.Syntax, at, $"The name '{name}' must be letters and digits and begin with a capital");
        }
        else if (_section!.Structs.Exists(s => s.Name == name))
        {
            _problems.Add(Problems.Duplicate, at, $"The struct '{name}' is defined twice in this section");
        }
        else
        {
            _section.Structs.Add(definition);
        }

        return definition;
    }

    private void Open(StructDefinition definition, int level)
    {
        _open.RemoveRange(level, _open.Count - level);
        _open.Add(definition);
    }
}
