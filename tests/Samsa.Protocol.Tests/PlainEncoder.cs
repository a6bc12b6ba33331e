using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Samsa.Model;
using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Tests;

/// <summary>
/// Encodes a message by walking its definition, value by value, with reflection: slow, and independent of the generated code,
/// whose bytes must be the same.
/// </summary>
internal sealed class PlainEncoder(Layout layout, int version)
{
    private bool Flexible => version >= layout.Definition.FirstFlexible;

    public static byte[] Encode(Layout layout, object message, int version)
    {
        var bytes = new MemoryStream();
        new PlainEncoder(layout, version).Struct(bytes, layout.Root, message);
        return bytes.ToArray();
    }

    /// <summary>The value of a field, without its strong type.</summary>
    public static object? ValueOf(FieldDefinition field, object owner) =>
        owner.GetType().GetProperty(field.Name)!.GetValue(owner);

    public static object Plain(object value) => value switch
    {
        ErrorCode code => (short)code,
        BrokerId id => id.Value,
        LeaderEpoch epoch => epoch.Value,
        Offset offset => offset.Value,
        ProducerId id => id.Value,
        TopicId id => id.Value,
        _ => value,
    };

    public static bool IsDefault(FieldDefinition field, object? value) => value switch
    {
        null => field.DefaultsToNull,
        RecordsPayload records => records.IsNull,
        Array array => !field.DefaultsToNull && array.Length == 0,
        string text => !field.DefaultsToNull && text.Length == 0,
        ReadOnlyMemory<byte> bytes => !field.DefaultsToNull && bytes.IsEmpty,
        _ when field.Type.Kind == WireKind.Struct => false,
        _ when field.Type.Kind == WireKind.Uuid => (Guid)Plain(value) == Guid.Empty,
        _ when field.Type.Kind == WireKind.Bool => (bool)value == (field.Default == "true"),
        _ => string.Equals(Convert.ToString(Plain(value), CultureInfo.InvariantCulture), field.Default ?? "0", StringComparison.Ordinal),
    };

    private void Struct(MemoryStream to, StructDefinition definition, object value)
    {
        foreach (var field in definition.Fields.Where(f => !f.IsTagged && f.Versions.Contains(version)))
        {
            Field(to, field, ValueOf(field, value));
        }

        if (!Flexible)
        {
            return;
        }

        var tagged = definition.Fields
            .Where(f => f.IsTagged && f.Versions.Contains(version) && !IsDefault(f, ValueOf(f, value)))
            .ToList();
        Varint(to, tagged.Count);
        foreach (var field in tagged)
        {
            var content = new MemoryStream();
            Field(content, field, ValueOf(field, value));
            Varint(to, field.Tag);
            Varint(to, (int)content.Length);
            content.WriteTo(to);
        }
    }

    private void Field(MemoryStream to, FieldDefinition field, object? value)
    {
        var compact = Flexible && !field.NeverCompact;
        if (field.Type.IsArray)
        {
            var array = (Array?)value;
            Length(to, array?.Length ?? -1, compact, 4);
            foreach (var item in array ?? Array.Empty<int>())
            {
                Value(to, field, item, compact);
            }

            return;
        }

        if (field.Type.Kind == WireKind.Struct && field.Type.IsNullable)
        {
            to.WriteByte(value is null ? (byte)0xff : (byte)1);
        }

        Value(to, field, value, compact);
    }

    private void Value(MemoryStream to, FieldDefinition field, object? value, bool compact)
    {
        switch (field.Type.Kind)
        {
            case WireKind.Struct:
                if (value is not null)
                {
                    Struct(to, field.Struct!, value);
                }

                break;
            case WireKind.String:
                Bytes(to, value is null ? null : Encoding.UTF8.GetBytes((string)value), compact, 2);
                break;
            case WireKind.Bytes:
                Bytes(to, ((ReadOnlyMemory<byte>?)value)?.ToArray(), compact, 4);
                break;
            case WireKind.Records:
                Bytes(to, ((RecordsPayload)value!).IsNull ? null : ((RecordsPayload)value).Memory.ToArray(), compact, 4);
                break;
            default:
                to.Write(Fixed(Plain(value!)));
                break;
        }
    }

    private static byte[] Fixed(object value)
    {
        var bytes = new byte[16];
        switch (value)
        {
            case bool flag: bytes[0] = flag ? (byte)1 : (byte)0; return bytes[..1];
            case sbyte number: bytes[0] = (byte)number; return bytes[..1];
            case short number: BinaryPrimitives.WriteInt16BigEndian(bytes, number); return bytes[..2];
            case ushort number: BinaryPrimitives.WriteUInt16BigEndian(bytes, number); return bytes[..2];
            case int number: BinaryPrimitives.WriteInt32BigEndian(bytes, number); return bytes[..4];
            case uint number: BinaryPrimitives.WriteUInt32BigEndian(bytes, number); return bytes[..4];
            case long number: BinaryPrimitives.WriteInt64BigEndian(bytes, number); return bytes[..8];
            case double number: BinaryPrimitives.WriteDoubleBigEndian(bytes, number); return bytes[..8];
            case Guid uuid: return Convert.FromHexString(uuid.ToString("N"));
            default: throw new InvalidOperationException($"No encoding for {value.GetType()}");
        }
    }

    private static void Bytes(MemoryStream to, byte[]? value, bool compact, int lengthBytes)
    {
        Length(to, value?.Length ?? -1, compact, lengthBytes);
        to.Write(value ?? []);
    }

    private static void Length(MemoryStream to, int length, bool compact, int lengthBytes)
    {
        if (compact)
        {
            Varint(to, length + 1);
        }
        else
        {
            to.Write(lengthBytes == 2 ? Fixed((short)length) : Fixed(length));
        }
    }

    private static void Varint(MemoryStream to, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.WriteByte((byte)(value % 0x80 + 0x80));
        }

        to.WriteByte((byte)value);
    }
}
