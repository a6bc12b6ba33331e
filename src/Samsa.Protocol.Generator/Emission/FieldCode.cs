using System;
using System.Collections.Generic;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Generator.Emission;

/// <summary>The C# around one field: its type, its default, its versions.</summary>
internal sealed class FieldCode(FieldDefinition field, StructDefinition owner, int firstFlexible)
{
    public FieldDefinition Field { get; } = field;

    public string Name => Field.Name;

    public FieldType Type => Field.Type;

    public WireKind Kind => Field.Type.Kind;

    /// <summary>The condition under which a version has the field; null for always.</summary>
    public string? Present { get; } = field.Versions.ConditionWithin(owner.Versions);

    /// <summary>The condition under which a version that has the field allows null; null for always, "false" for never.</summary>
    public string? MayBeNull { get; } =
        field.Type.Nullable is { } nullable ? nullable.ConditionWithin(field.Versions.Intersect(owner.Versions)) : "false";

    /// <summary>"true", "false" or the name of the local that tells whether lengths are compact.</summary>
    public string Compact { get; } =
        field.NeverCompact ? "false" : FlexibleWithin(field.Versions.Intersect(owner.Versions), firstFlexible);

    /// <summary>The type of one value: of the property, or of an element of its array.</summary>
    public string ElementType => Type.Strong?.Name ?? Kind switch
    {
        WireKind.Bool => "bool",
        WireKind.Int8 => "sbyte",
        WireKind.Int16 => "short",
        WireKind.UInt16 => "ushort",
        WireKind.Int32 => "int",
        WireKind.UInt32 => "uint",
        WireKind.Int64 => "long",
        WireKind.Float64 => "double",
        WireKind.Uuid => "System.Guid",
        WireKind.String => "string",
        WireKind.Bytes => "System.ReadOnlyMemory<byte>",
        WireKind.Records => "RecordsPayload",
        _ => Type.StructName!,
    };

    public string PropertyType =>
        (Type.IsArray ? ElementType + "[]" : ElementType) + (Field.IsNullableProperty && Kind != WireKind.Records ? "?" : "");

    /// <summary>What follows the property to set its default, if C#'s own default isn't it.</summary>
    public string Initializer
    {
        get
        {
            if (Kind == WireKind.Records)
            {
                return Type.IsNullable ? "" : " = RecordsPayload.Empty;";
            }

            if (Field.DefaultsToNull)
            {
                return "";
            }

            if (Type.IsArray)
            {
                return " = [];";
            }

            return Kind switch
            {
                WireKind.String => " = \"\";",
                WireKind.Bytes => Field.IsNullableProperty ? " = System.ReadOnlyMemory<byte>.Empty;" : "",
                WireKind.Struct => " = new();",
                _ when Field.Default is null or "0" or "false" => "",
                _ when Type.Strong is { IsEnum: false } => $" = new({Field.Default});",
                _ when Type.Strong is { } strong => $" = ({strong.Name})({Field.Default});",
                _ => $" = {Field.Default};",
            };
        }
    }

    /// <summary>The condition under which the property differs from its default.</summary>
    public string DiffersFromDefault
    {
        get
        {
            if (Kind == WireKind.Records)
            {
                return $"!{Name}.IsNull";
            }

            if (Field.DefaultsToNull)
            {
                return $"{Name} is not null";
            }

            if (Type.IsArray || Kind == WireKind.Bytes)
            {
                return Field.IsNullableProperty ? $"{Name} is not {{ Length: 0 }}" : $"{Name}.Length != 0";
            }

            var value = Type.Strong is { IsEnum: false } ? Name + ".Value" : Name;
            return Kind switch
            {
                WireKind.String => Field.IsNullableProperty ? $"{Name} is not \"\"" : $"{Name}.Length != 0",
                WireKind.Bool => Field.Default == "true" ? $"!{Name}" : Name,
                WireKind.Uuid => $"{value} != System.Guid.Empty",
                _ when Type.Strong is { IsEnum: true } strong => $"{Name} != ({strong.Name})({Field.Default ?? "0"})",
                _ => $"{value} != {Field.Default ?? "0"}",
            };
        }
    }

    /// <summary>Bytes of one value where they never vary; zero where they do.</summary>
    public int FixedSize => FieldType.FixedSize(Kind);

    /// <summary>The fewest bytes of an element, as an expression over the version.</summary>
    public string MinimumElementSize()
    {
        var versions = Field.Versions.Intersect(owner.Versions);
        var expression = "";
        var current = WireMinimum.OfElement(Field, versions.First, firstFlexible);
        var steps = new List<(int From, int Size)>();
        for (var version = versions.First + 1; version <= versions.Last; version++)
        {
            var size = WireMinimum.OfElement(Field, version, firstFlexible);
            if (size != current)
            {
                steps.Add((version, size));
                current = size;
            }
        }

        for (var i = steps.Count - 1; i >= 0; i--)
        {
            expression += $"version >= {steps[i].From} ? {steps[i].Size} : ";
        }

        return expression + WireMinimum.OfElement(Field, versions.First, firstFlexible);
    }

    /// <summary>"true", "false", or the local <c>flexible</c> where it depends on the version.</summary>
    public static string FlexibleWithin(VersionRange versions, int firstFlexible) =>
        versions.First >= firstFlexible ? "true" : versions.Last < firstFlexible ? "false" : "flexible";

    /// <summary>The property as written in a sentence for people: its wire type, versions and default.</summary>
    public string Describe()
    {
        var text = (Type.IsArray ? "array of " : "") + (Type.StructName ?? Kind.ToString().ToLowerInvariant());
        text += Field.WrittenVersions is { } written ? $", versions {written}" : "";
        text += Field.Default is { } value ? $", default {value}" : "";
        text += Field.IsTagged ? $", tag {Field.Tag}" : "";
        return Field.Comment.Length > 0 ? $"{Field.Comment.TrimEnd('.')} ({text})." : char.ToUpperInvariant(text[0]) + text.Substring(1) + ".";
    }
}
