using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>Ties field types to their structs, works out versions, and refuses what could not be read or written.</summary>
internal sealed class DefinitionChecker
{
    private readonly MessageDefinition _definition;
    private readonly Problems _problems;

    private DefinitionChecker(MessageDefinition definition, Problems problems)
    {
        _definition = definition;
        _problems = problems;
    }

    public static void Check(MessageDefinition definition, Problems problems) =>
        new DefinitionChecker(definition, problems).Check();

    private void Check()
    {
        Require(_definition.HasVersions, "versions");
        Require(_definition.FirstFlexible >= 0, "flexible");
        string[] sections = _definition.Kind == DefinitionKind.Api ? ["request", "response"] : ["fields"];
        foreach (var keyword in sections)
        {
            Require(_definition.Sections.Exists(s => s.Keyword == keyword), keyword);
        }

        if (_problems.Found.Count > 0)
        {
            return;
        }

        foreach (var section in _definition.Sections)
        {
            CheckNames(section);
            Bind(section, section.Root, _definition.Versions, []);
            foreach (var definition in section.Structs.Prepend(section.Root))
            {
                if (definition.Versions.First < 0)
                {
                    _problems.Add(Problems.Unused, definition.Line, definition.Name);
                }
                else
                {
                    CheckFields(definition);
                }
            }
        }

        foreach (var section in _definition.Sections.Where(_ => _problems.Found.Count == 0))
        {
            CheckElements(section);
        }
    }

    private void Require(bool present, string what)
    {
        if (!present)
        {
            _problems.Add(Problems.Incomplete, _definition.Line, _definition.Name, what);
        }
    }

    private void CheckNames(MessageSection section)
    {
        foreach (var owner in section.Structs.Prepend(section.Root))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in owner.Fields)
            {
                if (!seen.Add(field.Name))
                {
                    _problems.Add(Problems.Duplicate, field.Line, $"The field '{field.Name}' is defined twice in '{owner.Name}'");
                }
                else if (field.Name == owner.Name || (owner == section.Root && section.Structs.Exists(s => s.Name == field.Name)))
                {
                    _problems.Add(Problems.NameClash, field.Line, $"A field cannot have the name '{field.Name}' of a struct beside it or around it; rename the struct");
                }
            }
        }
    }

    /// <summary>Ties each field to its struct, and tells each struct the versions it can occur in.</summary>
    private void Bind(MessageSection section, StructDefinition owner, VersionRange within, List<StructDefinition> path)
    {
        if (path.Contains(owner))
        {
            _problems.Add(Problems.Recursion, owner.Line, owner.Name);
            return;
        }

        owner.Versions = owner.Versions.First < 0 ? within : owner.Versions.Hull(within);
        path.Add(owner);
        foreach (var field in owner.Fields)
        {
            field.Versions = (field.WrittenVersions ?? VersionRange.All).Intersect(_definition.Versions);
            if (field.Type.StructName is { } name)
            {
                field.Struct = section.Structs.Find(s => s.Name == name);
                if (field.Struct is { } used && field.Versions.Overlaps(within))
                {
                    Bind(section, used, field.Versions.Intersect(within), path);
                }
            }
        }

        path.RemoveAt(path.Count - 1);
    }

    private void CheckFields(StructDefinition owner)
    {
        foreach (var field in owner.Fields)
        {
            if (!field.Versions.Overlaps(owner.Versions))
            {
                _problems.Add(Problems.Versions, field.Line, $"'{field.Name}' exists in {field.WrittenVersions}, but what it belongs to only in {owner.Versions}");
            }
            else if (field.Type.StructName is { } name && field.Struct is null)
            {
                _problems.Add(Problems.UnknownType, field.Line, name);
            }
            else
            {
                CheckType(field);
                CheckDefault(field);
            }
        }

        CheckTags(owner);
    }

    private void CheckType(FieldDefinition field)
    {
        var type = field.Type;
        var single = type.Kind == WireKind.Struct && !type.IsArray;
        if (type.IsNullable && !type.IsArray && type.Kind is not (WireKind.String or WireKind.Bytes or WireKind.Records or WireKind.Struct))
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' cannot be null: the wire has no null for its type");
        }
        else if (type.Kind == WireKind.Records && (type.IsArray || field.IsTagged))
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' cannot be: records are neither in arrays nor tagged");
        }
        else if (single && type.Nullable is { } nullable && !nullable.Contains(field.Versions))
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' must be nullable in every version: a nullable struct has another encoding");
        }
        else if (single && !type.IsNullable && !field.IsTagged && !field.Ignorable && field.WrittenVersions is not null)
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' must be nullable, tagged, ignorable or in every version");
        }
        else if (field.NeverCompact && (type.IsArray || type.Kind is not WireKind.String || field.IsTagged))
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' cannot be 'noflex': only untagged strings can");
        }
        else if (type.IsArray && type.Kind is WireKind.Bytes)
        {
            _problems.Add(Problems.Type, field.Line, $"'{field.Name}' cannot be an array of bytes");
        }
    }

    private void CheckTags(StructDefinition owner)
    {
        var expected = 0;
        foreach (var field in owner.Fields)
        {
            if (!field.IsTagged)
            {
                if (expected > 0)
                {
                    _problems.Add(Problems.Tag, field.Line, $"'{field.Name}' must come before the tagged fields");
                }

                continue;
            }

            if (field.Tag != expected)
            {
                _problems.Add(Problems.Tag, field.Line, $"'{field.Name}' has tag {field.Tag}, expected {expected}: tags count up from 0");
            }
            else if (field.Versions.First < _definition.FirstFlexible)
            {
                _problems.Add(Problems.Tag, field.Line, $"'{field.Name}' is tagged in version {field.Versions.First}, but tags exist from version {_definition.FirstFlexible} on");
            }

            expected = field.Tag + 1;
        }
    }

    private void CheckDefault(FieldDefinition field)
    {
        if (field.Default is { } text && !IsDefaultPossible(field, text))
        {
            _problems.Add(Problems.Default, field.Line, text, field.Name, field.Type.Kind.ToString().ToLowerInvariant());
        }
    }

    private static bool IsDefaultPossible(FieldDefinition field, string text)
    {
        if (field.Type.IsArray || field.Type.Kind is WireKind.String or WireKind.Bytes or WireKind.Records or WireKind.Struct)
        {
            return text == "null" && field.Type.IsNullable;
        }

        if (field.Type.Kind == WireKind.Bool)
        {
            return text is "true" or "false";
        }

        var (least, most) = field.Type.Kind switch
        {
            WireKind.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            WireKind.Int16 => (short.MinValue, short.MaxValue),
            WireKind.UInt16 => (0, ushort.MaxValue),
            WireKind.Int32 => (int.MinValue, int.MaxValue),
            WireKind.UInt32 => (0, uint.MaxValue),
            WireKind.Int64 => (long.MinValue, long.MaxValue),
            _ => (0L, -1L),
        };
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most;
    }

    private void CheckElements(MessageSection section)
    {
        foreach (var owner in section.Structs.Prepend(section.Root))
        {
            foreach (var field in owner.Fields.Where(f => f.Type.IsArray))
            {
                var versions = field.Versions.Intersect(owner.Versions);
                for (var version = versions.First; version <= versions.Last; version++)
                {
                    if (WireMinimum.OfElement(field, version, _definition.FirstFlexible) == 0)
                    {
                        _problems.Add(Problems.ZeroSize, field.Line, field.Name, version);
                        break;
                    }
                }
            }
        }
    }
}
