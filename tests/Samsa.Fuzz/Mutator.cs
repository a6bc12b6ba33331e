using System.Buffers.Binary;

namespace Samsa.Fuzz;

/// <summary>Damages inputs in the ways that parsers get wrong: lengths, signs, ends, repetitions.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly int[] s_telling =
        [0, 1, -1, -2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, int.MinValue, 0x10000, 0x01000000];

    public byte[] Mutate(IReadOnlyList<byte[]> seeds)
    {
        var input = Pick(seeds).ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            input = Change(input, seeds);
        }

        return input;
    }

    private byte[] Change(byte[] input, IReadOnlyList<byte[]> seeds)
    {
        if (input.Length == 0)
        {
            return Pick(seeds).ToArray();
        }

        var at = random.Next(input.Length);
        switch (random.Next(9))
        {
            case 0:
                input[at] ^= (byte)(1 << random.Next(8));
                return input;
            case 1:
                input[at] = (byte)random.Next(256);
                return input;
            case 2:
                input[at] = (byte)s_telling[random.Next(s_telling.Length)];
                return input;
            case 3 when input.Length - at >= 4:
                BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(at), s_telling[random.Next(s_telling.Length)]);
                return input;
            case 4 when input.Length - at >= 2:
                BinaryPrimitives.WriteInt16BigEndian(input.AsSpan(at), (short)s_telling[random.Next(s_telling.Length)]);
                return input;
            case 5:
                return input[..at];
            case 6:
                var end = Math.Min(input.Length, at + random.Next(1, 9));
                return [.. input[..at], .. input[end..]];
            case 7:
                var repeated = input[at..Math.Min(input.Length, at + random.Next(1, 33))];
                return [.. input[..at], .. repeated, .. input[at..]];
            default:
                var other = Pick(seeds);
                return [.. input[..at], .. other[random.Next(other.Length)..]];
        }
    }

    private byte[] Pick(IReadOnlyList<byte[]> seeds) => seeds[random.Next(seeds.Count)];
}
