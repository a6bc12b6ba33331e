using System.Linq;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>The fewest bytes a value can take: what bounds the count of an array by the bytes that are left.</summary>
internal static class WireMinimum
{
    /// <summary>The fewest bytes of one element of an array field.</summary>
    public static int OfElement(FieldDefinition field, int version, int firstFlexible) =>
        field.Type.Kind == WireKind.Struct
            ? OfStruct(field.Struct!, version, firstFlexible)
            : OfScalar(field.Type.Kind, version >= firstFlexible);

    private static int OfStruct(StructDefinition definition, int version, int firstFlexible) =>
        definition.Fields
            .Where(f => !f.IsTagged && f.Versions.Contains(version))
            .Sum(f => OfField(f, version, firstFlexible))
        + (version >= firstFlexible ? 1 : 0);

    private static int OfField(FieldDefinition field, int version, int firstFlexible)
    {
        var compact = version >= firstFlexible && !field.NeverCompact;
        if (field.Type.IsArray)
        {
            return compact ? 1 : 4;
        }

        return field.Type.Kind == WireKind.Struct
            ? field.Type.IsNullable ? 1 : OfStruct(field.Struct!, version, firstFlexible)
            : OfScalar(field.Type.Kind, compact);
    }

    private static int OfScalar(WireKind kind, bool compact) => kind switch
    {
        WireKind.String => compact ? 1 : 2,
        WireKind.Bytes or WireKind.Records => compact ? 1 : 4,
        _ => FieldType.FixedSize(kind),
    };
}
