using System.Collections.Generic;
using System.Linq;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Generator.Emission;

/// <summary>Emits the body of <c>ComputeSize</c>, and the size of a tagged field's value where that takes more than an expression.</summary>
internal static class SizeEmitter
{
    public static void Emit(CodeWriter code, IReadOnlyList<FieldCode> fields, string flexible)
    {
        var always = fields.Where(f => !f.Field.IsTagged && f.Present is null && !f.Type.IsArray).Sum(f => f.FixedSize);
        code.Line($"var size = {always};");
        foreach (var field in fields.Where(f => !f.Field.IsTagged))
        {
            if (field.Present is null && !field.Type.IsArray && field.FixedSize > 0)
            {
                continue;
            }

            code.OpenIf(field.Present);
            EmitField(code, field);
            code.CloseIf(field.Present);
        }

        if (flexible != "false")
        {
            var condition = flexible == "true" ? null : flexible;
            code.OpenIf(condition);
            EmitTags(code, [.. fields.Where(f => f.Field.IsTagged)]);
            code.CloseIf(condition);
        }

        code.Line("return size;");
    }

    /// <summary>The size of a tagged field's value, as an expression.</summary>
    public static string TagValueSize(FieldCode field)
    {
        if (NeedsSizeMethod(field))
        {
            return $"SizeOf{field.Name}({(field.Kind == WireKind.Struct ? "version" : "")})";
        }

        if (field.Type.IsArray)
        {
            return FixedArraySize(field);
        }

        return field.Kind switch
        {
            WireKind.Struct => field.Type.IsNullable
                ? $"(1 + {field.Name}.ComputeSize(version))"
                : $"{field.Name}.ComputeSize(version)",
            _ => ScalarSize(field, field.Name),
        };
    }

    public static bool NeedsSizeMethod(FieldCode field) => field.Type.IsArray && field.FixedSize == 0;

    public static void EmitSizeMethod(CodeWriter code, FieldCode field)
    {
        code.Line();
        code.Open($"private int SizeOf{field.Name}({(field.Kind == WireKind.Struct ? "short version" : "")})");
        code.Line("var size = 0;");
        EmitField(code, field);
        code.Line("return size;");
        code.Close();
    }

    private static void EmitTags(CodeWriter code, IReadOnlyList<FieldCode> tagged)
    {
        if (tagged.Count == 0)
        {
            code.Line("size++;");
            return;
        }

        code.Line("var tags = 0;");
        foreach (var field in tagged)
        {
            code.Open($"if ({WriteEmitter.TagIsWritten(field)})");
            code.Line("tags++;");
            code.Line($"size += WireSize.TaggedField({field.Field.Tag}, {TagValueSize(field)});");
            code.Close();
        }

        code.Line("size += WireSize.UnsignedVarint(tags);");
    }

    private static void EmitField(CodeWriter code, FieldCode field)
    {
        if (!field.Type.IsArray)
        {
            if (field.Kind != WireKind.Struct)
            {
                code.Line($"size += {ScalarSize(field, field.Name)};");
            }
            else if (field.Type.IsNullable)
            {
                code.Line($"size += {field.Name} is null ? 1 : 1 + {field.Name}.ComputeSize(version);");
            }
            else
            {
                code.Line($"size += {field.Name}.ComputeSize(version);");
            }

            return;
        }

        if (field.FixedSize > 0)
        {
            code.Line($"size += {FixedArraySize(field)};");
            return;
        }

        var nullable = field.Field.IsNullableProperty;
        code.Line($"size += WireSize.ArrayLength({field.Name}{(nullable ? "?.Length ?? 0" : ".Length")}, {field.Compact});");
        var condition = nullable ? $"{field.Name} is not null" : null;
        code.OpenIf(condition);
        code.Open($"foreach (var item in {field.Name})");
        code.Line(field.Kind == WireKind.Struct ? "size += item.ComputeSize(version);" : $"size += {ScalarSize(field, "item")};");
        code.Close();
        code.CloseIf(condition);
    }

    private static string FixedArraySize(FieldCode field)
    {
        var count = field.Field.IsNullableProperty ? $"{field.Name}?.Length ?? 0" : $"{field.Name}.Length";
        return $"WireSize.FixedArray({count}, {field.FixedSize}, {field.Compact})";
    }

    private static string ScalarSize(FieldCode field, string value) => field.Kind switch
    {
        WireKind.String => $"WireSize.String({value}, {field.Compact})",
        WireKind.Bytes => $"WireSize.Bytes({(field.Field.IsNullableProperty ? value + "?.Length ?? 0" : value + ".Length")}, {field.Compact})",
        WireKind.Records => $"WireSize.Bytes({value}.Length, {field.Compact})",
        _ => $"{field.FixedSize}",
    };
}
