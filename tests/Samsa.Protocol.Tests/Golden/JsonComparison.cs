using System.Globalization;
using System.Text.Json;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Tests.Golden;

/// <summary>Compares a message with JSON that another decoder made of the same bytes.</summary>
internal static class JsonComparison
{
    /// <summary>Where and how they differ; null where they do not.</summary>
    public static string? Difference(StructDefinition definition, int version, object message, JsonElement json, string path = "")
    {
        foreach (var member in json.EnumerateObject())
        {
            var field = definition.Fields.Find(f => string.Equals(f.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            if (field is null)
            {
                return $"{path}{member.Name}: not in the definition";
            }

            if (!field.Versions.Contains(version))
            {
                // The other decoder gives defaults of its own to what the version lacks.
                continue;
            }

            var value = PlainEncoder.ValueOf(field, message);
            if (Difference(field, version, value, member.Value, path + field.Name) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? Difference(FieldDefinition field, int version, object? value, JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            // A tagged field that was absent is null in the JSON, and its default in the message.
            var asNull = value is null or RecordsPayload { IsNull: true } || (field.IsTagged && PlainEncoder.IsDefault(field, value));
            return asNull ? null : $"{path}: {value}, expected null";
        }

        if (value is null)
        {
            return $"{path}: null, expected {json}";
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            return field.Type.Kind == WireKind.Struct
                ? Difference(field.Struct!, version, value, json, path + ".")
                : Scalar(value, json, path);
        }

        var array = (Array)value;
        if (array.Length != json.GetArrayLength())
        {
            return $"{path}: {array.Length} elements, expected {json.GetArrayLength()}";
        }

        return array.Cast<object>()
            .Select((item, i) => field.Type.Kind == WireKind.Struct
                ? Difference(field.Struct!, version, item, json[i], $"{path}[{i}].")
                : Scalar(item, json[i], $"{path}[{i}]"))
            .FirstOrDefault(difference => difference is not null);
    }

    private static string? Scalar(object value, JsonElement json, string path)
    {
        var actual = PlainEncoder.Plain(value) switch
        {
            ReadOnlyMemory<byte> bytes => Convert.ToHexStringLower(bytes.Span),
            RecordsPayload records => Convert.ToHexStringLower(records.Memory.Span),
            bool flag => flag ? "true" : "false",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            var plain => Convert.ToString(plain, CultureInfo.InvariantCulture)!,
        };
        var expected = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        if (value is double)
        {
            expected = json.GetDouble().ToString("R", CultureInfo.InvariantCulture);
        }

        return actual == expected ? null : $"{path}: {actual}, expected {expected}";
    }
}
