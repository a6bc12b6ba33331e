using System.Collections.Generic;
using System.Linq;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Generator.Emission;

/// <summary>Emits the body of <c>Read</c>: one statement per field, in wire order, under the versions that have it.</summary>
internal static class ReadEmitter
{
    public static void Emit(CodeWriter code, IReadOnlyList<FieldCode> fields, string flexible)
    {
        foreach (var field in fields.Where(f => !f.Field.IsTagged))
        {
            code.OpenIf(field.Present);
            EmitField(code, field);
            code.CloseIf(field.Present);
        }

        if (flexible == "false")
        {
            return;
        }

        var condition = flexible == "true" ? null : flexible;
        code.OpenIf(condition);
        EmitTags(code, [.. fields.Where(f => f.Field.IsTagged)]);
        code.CloseIf(condition);
    }

    private static void EmitTags(CodeWriter code, IReadOnlyList<FieldCode> tagged)
    {
        if (tagged.Count == 0)
        {
            code.Line("reader.SkipTaggedFields();");
            return;
        }

        code.Open("for (var left = reader.ReadTagCount(); left > 0; left--)");
        code.Line("var tag = reader.BeginTaggedField(out var outerEnd);");
        code.Open("switch (tag)");
        foreach (var field in tagged)
        {
            code.Line($"case {field.Field.Tag}" + (field.Present is null ? ":" : $" when {field.Present}:"));
            code.Open("");
            EmitField(code, field);
            code.Line("break;");
            code.Close();
        }

        code.Line("default:");
        code.Line("    reader.SkipToEnd();");
        code.Line("    break;");
        code.Close();
        code.Line("reader.EndTaggedField(outerEnd);");
        code.Close();
    }

    private static void EmitField(CodeWriter code, FieldCode field)
    {
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
            code.Line($"{field.Name} = {Scalar(field)};");
        }
    }

    private static void EmitStruct(CodeWriter code, FieldCode field)
    {
        if (field.Type.IsNullable)
        {
            code.Line($"{field.Name} = reader.ReadPresence() ? new {field.ElementType}() : null;");
            code.Line($"{field.Name}?.Read(ref reader, version);");
            return;
        }

        code.Line($"{field.Name} = new {field.ElementType}();");
        code.Line($"{field.Name}.Read(ref reader, version);");
    }

    private static void EmitArray(CodeWriter code, FieldCode field)
    {
        var arguments = $"({field.Compact}, {field.MinimumElementSize()})";
        var length = Nullably(field, $"reader.ReadNullableArrayLength{arguments}", $"reader.ReadArrayLength{arguments}");
        code.Open("");
        code.Line($"var count = {length};");
        var nullable = field.MayBeNull != "false";
        if (nullable)
        {
            code.Open("if (count < 0)");
            code.Line($"{field.Name} = null;");
            code.Close();
            code.Open("else");
        }

        EmitElements(code, field);
        if (nullable)
        {
            code.Close();
        }

        code.Close();
    }

    private static void EmitElements(CodeWriter code, FieldCode field)
    {
        var bulk = field.Kind switch
        {
            WireKind.Int16 => "ReadInt16Elements",
            WireKind.Int32 => "ReadInt32Elements",
            WireKind.Int64 => "ReadInt64Elements",
            _ => null,
        };
        if (bulk is not null)
        {
            code.Line($"{field.Name} = reader.{bulk}<{field.ElementType}>(count);");
            return;
        }

        code.Line($"var items = count == 0 ? System.Array.Empty<{field.ElementType}>() : new {field.ElementType}[count];");
        code.Open("for (var i = 0; i < items.Length; i++)");
        if (field.Kind == WireKind.Struct)
        {
            code.Line($"var item = new {field.ElementType}();");
            code.Line("item.Read(ref reader, version);");
            code.Line("items[i] = item;");
        }
        else
        {
            code.Line($"items[i] = {Value(field, nullable: false)};");
        }

        code.Close();
        code.Line($"{field.Name} = items;");
    }

    private static string Scalar(FieldCode field) =>
        field.Kind is WireKind.String or WireKind.Bytes or WireKind.Records
            ? Nullably(field, Value(field, nullable: true), Value(field, nullable: false))
            : Value(field, nullable: false);

    private static string Nullably(FieldCode field, string nullable, string plain) => field.MayBeNull switch
    {
        null => nullable,
        "false" => plain,
        var condition => $"{condition} ? {nullable} : {plain}",
    };

    private static string Value(FieldCode field, bool nullable)
    {
        var prefix = nullable ? "reader.ReadNullable" : "reader.Read";
        var read = field.Kind switch
        {
            WireKind.String => $"{prefix}String({field.Compact})",
            WireKind.Bytes => $"{prefix}Bytes({field.Compact})",
            WireKind.Records => $"{prefix}Records({field.Compact})",
            var kind => $"reader.Read{kind}()",
        };
        return field.Type.Strong switch
        {
            null => read,
            { IsEnum: true } strong => $"({strong.Name}){read}",
            var strong => $"new {strong.Name}({read})",
        };
    }
}
