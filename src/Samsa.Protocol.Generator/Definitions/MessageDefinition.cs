using System.Collections.Generic;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>One API, header or record schema.</summary>
internal sealed class MessageDefinition
{
    public required DefinitionKind Kind { get; init; }

    /// <summary>API key or record type; -1 for what has none.</summary>
    public required int Key { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Comments { get; init; }

    public required SourceLine Line { get; init; }

    public VersionRange Versions { get; set; }

    public bool HasVersions { get; set; }

    /// <summary>First version with compact lengths and tagged fields; <see cref="VersionRange.Open"/> for none.</summary>
    public int FirstFlexible { get; set; } = -1;

    /// <summary>Versions whose header differs from the rule, if any.</summary>
    public HeaderOverride? RequestHeader { get; set; }

    /// <summary>Versions whose header differs from the rule, if any.</summary>
    public HeaderOverride? ResponseHeader { get; set; }

    public List<MessageSection> Sections { get; } = [];
}

/// <summary>What a definition defines.</summary>
internal enum DefinitionKind
{
    /// <summary>An API: request and response.</summary>
    Api,

    /// <summary>A header of requests or responses.</summary>
    Header,

    /// <summary>A record of <c>__cluster_metadata</c>.</summary>
    MetadataRecord,

    /// <summary>A key of a record, with a number that tells its type.</summary>
    RecordKey,

    /// <summary>A value of a record, with the number of its key.</summary>
    RecordValue,

    /// <summary>A record of <c>__remote_log_metadata</c>.</summary>
    RemoteRecord,

    /// <summary>A record or blob without a number.</summary>
    Data,
}

/// <summary>"In these versions of the API the header has that version."</summary>
internal sealed record HeaderOverride(int HeaderVersion, VersionRange Versions);

/// <summary>The fields of a request, a response, a header or a record, with the structs they use.</summary>
internal sealed class MessageSection(string keyword, StructDefinition root)
{
    /// <summary><c>request</c>, <c>response</c> or <c>fields</c>.</summary>
    public string Keyword { get; } = keyword;

    /// <summary>The fields at the top.</summary>
    public StructDefinition Root { get; } = root;

    /// <summary>Every struct by name, in the order of definition, without the root.</summary>
    public List<StructDefinition> Structs { get; } = [];
}

/// <summary>Fields that belong together; becomes a class.</summary>
internal sealed class StructDefinition(string name, SourceLine line)
{
    public string Name { get; } = name;

    public SourceLine Line { get; } = line;

    public List<FieldDefinition> Fields { get; } = [];

    /// <summary>Versions in which the struct can occur; known once checked.</summary>
    public VersionRange Versions { get; set; } = new(-1, -1);
}

/// <summary>One line of a section.</summary>
internal sealed class FieldDefinition
{
    public required string Name { get; init; }

    public required FieldType Type { get; init; }

    public required SourceLine Line { get; init; }

    public required string Comment { get; init; }

    /// <summary>Tag number; -1 for a field in its place.</summary>
    public required int Tag { get; init; }

    /// <summary>Versions as written; null where the column is empty.</summary>
    public required VersionRange? WrittenVersions { get; init; }

    /// <summary>The default as written; null where none is.</summary>
    public required string? Default { get; init; }

    /// <summary>Whether the field may be dropped where the version lacks it.</summary>
    public required bool Ignorable { get; init; }

    /// <summary>Whether the field keeps the old encoding in flexible versions.</summary>
    public required bool NeverCompact { get; init; }

    /// <summary>Versions that have the field; known once checked.</summary>
    public VersionRange Versions { get; set; }

    /// <summary>The struct that <see cref="FieldType.StructName"/> names; known once checked.</summary>
    public StructDefinition? Struct { get; set; }

    public bool IsTagged => Tag >= 0;

    /// <summary>Whether the C# property can be null. A tagged struct is null where it is absent.</summary>
    public bool IsNullableProperty => Type.IsNullable || (IsTagged && Type.Kind == WireKind.Struct && !Type.IsArray);

    /// <summary>Whether the property is null until set.</summary>
    public bool DefaultsToNull => IsNullableProperty && (Default == "null" || (Type.Kind == WireKind.Struct && !Type.IsArray));
}
