using System;
using System.Collections.Generic;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>The type column of a field: what, whether an array of it, in which versions it may be null, and its strong type.</summary>
/// <param name="Kind">What the field, or an element of its array, is.</param>
/// <param name="StructName">The name, where <paramref name="Kind"/> is a struct.</param>
/// <param name="IsArray">Whether the field is an array.</param>
/// <param name="Nullable">Versions in which the field may be null; null for none.</param>
/// <param name="Strong">The C# type that stands for the value; null for the plain one.</param>
internal sealed record FieldType(WireKind Kind, string? StructName, bool IsArray, VersionRange? Nullable, StrongType? Strong)
{
    private static readonly Dictionary<string, WireKind> s_kinds = new(StringComparer.Ordinal)
    {
        ["bool"] = WireKind.Bool,
        ["int8"] = WireKind.Int8,
        ["int16"] = WireKind.Int16,
        ["uint16"] = WireKind.UInt16,
        ["int32"] = WireKind.Int32,
        ["uint32"] = WireKind.UInt32,
        ["int64"] = WireKind.Int64,
        ["float64"] = WireKind.Float64,
        ["uuid"] = WireKind.Uuid,
        ["string"] = WireKind.String,
        ["bytes"] = WireKind.Bytes,
        ["records"] = WireKind.Records,
    };

    /// <summary>The kind that a word of the notation names; a struct where it names no other.</summary>
    public static WireKind KindOf(string word) => s_kinds.TryGetValue(word, out var kind) ? kind : WireKind.Struct;

    /// <summary>Whether null can stand for the field in some version.</summary>
    public bool IsNullable => Nullable is not null;

    /// <summary>Bytes of a value of fixed size; zero for those that vary.</summary>
    public static int FixedSize(WireKind kind) => kind switch
    {
        WireKind.Bool or WireKind.Int8 => 1,
        WireKind.Int16 or WireKind.UInt16 => 2,
        WireKind.Int32 or WireKind.UInt32 => 4,
        WireKind.Int64 or WireKind.Float64 => 8,
        WireKind.Uuid => 16,
        _ => 0,
    };
}

/// <summary>The kinds of value a field can hold.</summary>
internal enum WireKind
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct,
}

/// <summary>A type of Samsa.Model that wraps a plain value, named after <c>as</c>.</summary>
/// <param name="Name">The C# type.</param>
/// <param name="Kind">The plain kind it wraps.</param>
internal sealed record StrongType(string Name, WireKind Kind)
{
    /// <summary>Every strong type a definition may name.</summary>
    public static readonly StrongType[] All =
    [
        new("ErrorCode", WireKind.Int16),
        new("BrokerId", WireKind.Int32),
        new("LeaderEpoch", WireKind.Int32),
        new("Offset", WireKind.Int64),
        new("ProducerId", WireKind.Int64),
        new("TopicId", WireKind.Uuid),
    ];

    /// <summary>An enum is cast; the others are constructed.</summary>
    public bool IsEnum => Name == "ErrorCode";
}
