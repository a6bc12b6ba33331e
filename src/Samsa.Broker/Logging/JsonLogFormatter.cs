using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Samsa.Broker.Logging;

/// <summary>A JSON object a line: time, level, category, event, message, fields, exception.</summary>
internal sealed class JsonLogFormatter : LogFormatter
{
    // The log isn't HTML: quotes and signs in messages stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <inheritdoc/>
    public override void Format(in LogEntry entry, ArrayBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("time"u8, entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("level"u8, LogLevels.NameOf(entry.Level));
        json.WriteString("category"u8, entry.Category);
        if (entry.EventId != 0)
        {
            json.WriteNumber("event"u8, entry.EventId);
        }

        json.WriteString("message"u8, entry.Message);
        WriteFields(json, entry.Fields);
        if (entry.Exception is not null)
        {
            json.WriteString("exception"u8, entry.Exception.ToString());
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private static void WriteFields(Utf8JsonWriter json, KeyValuePair<string, object?>[]? fields)
    {
        if (fields is null || fields.All(IsTemplate))
        {
            return;
        }

        json.WriteStartObject("fields"u8);
        foreach (var field in fields)
        {
            if (!IsTemplate(field))
            {
                json.WritePropertyName(field.Key);
                WriteValue(json, field.Value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool b: json.WriteBooleanValue(b); break;
            case int i: json.WriteNumberValue(i); break;
            case long l: json.WriteNumberValue(l); break;
            case double d when double.IsFinite(d): json.WriteNumberValue(d); break;
            case IFormattable f: json.WriteStringValue(f.ToString(null, CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    private static bool IsTemplate(KeyValuePair<string, object?> field) => field.Key == "{OriginalFormat}";
}
