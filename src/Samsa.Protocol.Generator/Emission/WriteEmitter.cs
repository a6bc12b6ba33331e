using System.Collections.Generic;
using System.Linq;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Generator.Emission;

/// <summary>Emits the body of <c>Write</c>: one statement per field, in wire order, under the versions that have it.</summary>
internal static class WriteEmitter
{
    public static void Emit(CodeWriter code, string typeName, IReadOnlyList<FieldCode> fields, string flexible)
    {
        foreach (var field in fields.Where(f => !f.Field.IsTagged))
        {
            code.OpenIf(field.Present);
            EmitField(code, typeName, field);
            code.CloseIf(field.Present);
            EmitAbsent(code, typeName, field);
        }

        var tagged = fields.Where(f => f.Field.IsTagged).ToList();
        foreach (var field in tagged)
        {
            EmitAbsent(code, typeName, field);
        }

        if (flexible == "false")
        {
            return;
        }

        var condition = flexible == "true" ? null : flexible;
        code.OpenIf(condition);
        EmitTags(code, typeName, tagged);
        code.CloseIf(condition);
    }

    /// <summary>The condition under which a tagged field is written: the version has it, and it says something.</summary>
    public static string TagIsWritten(FieldCode field) =>
        (field.Present is null ? "" : field.Present + " && ") + field.DiffersFromDefault;

    /// <summary>A value that the version cannot carry must not get lost, unless the definition says that it may.</summary>
    private static void EmitAbsent(CodeWriter code, string typeName, FieldCode field)
    {
        if (field.Present is null || field.Field.Ignorable)
        {
            return;
        }

        code.Open(field.Field.IsTagged ? $"if (!({field.Present}) && {field.DiffersFromDefault})" : $"else if ({field.DiffersFromDefault})");
        code.Line($"ProtocolException.ThrowNotInVersion(\"{typeName}.{field.Name}\", version);");
        code.Close();
    }

    private static void EmitTags(CodeWriter code, string typeName, List<FieldCode> tagged)
    {
        if (tagged.Count == 0)
        {
            code.Line("writer.WriteUnsignedVarint(0);");
            return;
        }

        code.Line("var tags = 0;");
        foreach (var field in tagged)
        {
            code.Open($"if ({TagIsWritten(field)})");
            code.Line("tags++;");
            code.Close();
        }

        code.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged)
        {
            code.Open($"if ({TagIsWritten(field)})");
            code.Line($"writer.WriteTag({field.Field.Tag}, {SizeEmitter.TagValueSize(field)});");
            EmitField(code, typeName, field);
            code.Close();
        }
    }

    private static void EmitField(CodeWriter code, string typeName, FieldCode field)
    {
        EmitNullCheck(code, typeName, field);
        if (field.Type.IsArray)
        {
            EmitArray(code, field);
        }
        else if (field.Kind == WireKind.Struct)
        {
            EmitStruct(code, field);
        }
        else
        {
            code.Line($"{Scalar(field, field.Name)};");
        }
    }

    private static void EmitNullCheck(CodeWriter code, string typeName, FieldCode field)
    {
        if ((field.Type.IsNullable || field.Kind == WireKind.Records) && field.MayBeNull is { } allowed)
        {
            var isNull = field.Kind == WireKind.Records ? $"{field.Name}.IsNull" : $"{field.Name} is null";
            code.Open(allowed == "false" ? $"if ({isNull})" : $"if ({isNull} && !({allowed}))");
            code.Line($"ProtocolException.ThrowNullNotInVersion(\"{typeName}.{field.Name}\", version);");
            code.Close();
        }
    }

    private static void EmitStruct(CodeWriter code, FieldCode field)
    {
        if (!field.Type.IsNullable)
        {
            code.Line($"{field.Name}.Write(ref writer, version);");
            return;
        }

        code.Line($"writer.WritePresence({field.Name} is not null);");
        code.Line($"{field.Name}?.Write(ref writer, version);");
    }

    private static void EmitArray(CodeWriter code, FieldCode field)
    {
        var nullable = field.Field.IsNullableProperty;
        if (nullable)
        {
            code.Open($"if ({field.Name} is null)");
            code.Line($"writer.WriteNullArray({field.Compact});");
            code.Close();
            code.Open("else");
        }

        code.Line($"writer.WriteArrayLength({field.Name}.Length, {field.Compact});");
        var bulk = field.Kind switch
        {
            WireKind.Int16 => "WriteInt16Elements",
            WireKind.Int32 => "WriteInt32Elements",
            WireKind.Int64 => "WriteInt64Elements",
            _ => null,
        };
        if (bulk is not null)
        {
            code.Line($"writer.{bulk}<{field.ElementType}>({field.Name});");
        }
        else
        {
            code.Open($"foreach (var item in {field.Name})");
            code.Line(field.Kind == WireKind.Struct ? "item.Write(ref writer, version);" : $"{Scalar(field, "item")};");
            code.Close();
        }

        if (nullable)
        {
            code.Close();
        }
    }

    private static string Scalar(FieldCode field, string value)
    {
        var plain = field.Type.Strong switch
        {
            null => value,
            { IsEnum: true } => $"(short){value}",
            _ => value + ".Value",
        };
        var nullable = field.Field.IsNullableProperty && !field.Type.IsArray ? "Nullable" : "";
        return field.Kind switch
        {
            WireKind.String => $"writer.Write{nullable}String({value}, {field.Compact})",
            WireKind.Bytes => $"writer.Write{nullable}Bytes({value}, {field.Compact})",
            WireKind.Records => $"writer.WriteRecords({value}, {field.Compact})",
            var kind => $"writer.Write{kind}({plain})",
        };
    }
}
