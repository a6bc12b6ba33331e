using Samsa.Protocol.Generator.Definitions;

namespace Samsa.Protocol.Tests;

/// <summary>Fills messages with random values that a version can carry. The same seed gives the same message.</summary>
internal sealed class RandomMessages(int version, int seed)
{
    private readonly Random _random = new(seed);

    public static IMessage Make(Layout layout, int version, int seed)
    {
        var message = layout.New();
        new RandomMessages(version, seed).Fill(layout.Root, message);
        return message;
    }

    private void Fill(StructDefinition definition, object target)
    {
        foreach (var field in definition.Fields)
        {
            var property = target.GetType().GetProperty(field.Name)!;
            var present = field.Versions.Contains(version);
            // What a version lacks may be set where it may be dropped.
            if (present ? !field.IsTagged || _random.Next(2) == 0 : field.Ignorable && _random.Next(2) == 0)
            {
                property.SetValue(target, Value(field, property.PropertyType));
            }
        }
    }

    private object? Value(FieldDefinition field, Type type)
    {
        if (field.Type.Nullable is { } nullable && nullable.Contains(version) && _random.Next(4) == 0)
        {
            return field.Type.Kind == WireKind.Records ? RecordsPayload.Null : null;
        }

        if (!field.Type.IsArray)
        {
            return Element(field, Nullable.GetUnderlyingType(type) ?? type);
        }

        var array = Array.CreateInstance(type.GetElementType()!, field.Type.Kind != WireKind.Struct && _random.Next(10) == 0 ? 150 : _random.Next(3));
        for (var i = 0; i < array.Length; i++)
        {
            array.SetValue(Element(field, type.GetElementType()!), i);
        }

        return array;
    }

    private object Element(FieldDefinition field, Type type)
    {
        if (field.Type.Kind == WireKind.Struct)
        {
            var part = Activator.CreateInstance(type)!;
            Fill(field.Struct!, part);
            return part;
        }

        var plain = Plain(field.Type.Kind);
        return field.Type.Strong switch
        {
            null => plain,
            { IsEnum: true } => Enum.ToObject(type, plain),
            _ => Activator.CreateInstance(type, plain)!,
        };
    }

    private object Plain(WireKind kind) => kind switch
    {
        WireKind.Bool => _random.Next(2) == 0,
        WireKind.Int8 => (sbyte)Number(),
        WireKind.Int16 => (short)Number(),
        WireKind.UInt16 => (ushort)Number(),
        WireKind.Int32 => (int)Number(),
        WireKind.UInt32 => (uint)Number(),
        WireKind.Int64 => Number(),
        WireKind.Float64 => _random.NextDouble() * Number(),
        WireKind.Uuid => new Guid(Bytes(16)),
        WireKind.String => Text(),
        WireKind.Bytes => new ReadOnlyMemory<byte>(Bytes(_random.Next(200))),
        _ => new RecordsPayload(Bytes(_random.Next(200)).AsMemory()),
    };

    private long Number() => _random.Next(4) switch
    {
        0 => _random.Next(-2, 3),
        1 => _random.Next(1 << 15),
        _ => _random.NextInt64(long.MinValue, long.MaxValue),
    };

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        string[] pieces = ["orders", "-", "7", "ä", "漢", "😀", "\0", " "];
        return string.Concat(Enumerable.Range(0, _random.Next(12) == 0 ? 60 : _random.Next(4)).Select(_ => pieces[_random.Next(pieces.Length)]));
    }
}
