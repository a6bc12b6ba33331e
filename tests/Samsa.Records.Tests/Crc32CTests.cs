using CsCheck;

namespace Samsa.Records.Tests;

public sealed class Crc32CTests
{
    private delegate uint Update(uint state, ReadOnlySpan<byte> data);

    private static readonly Gen<(byte[] Bytes, int Start, uint State)> s_slices =
        from length in Gen.Frequency((3, Gen.Int[0, 600]), (1, Gen.Int[601, 30_000]))
        from bytes in Gen.Byte.Array[length]
        from start in Gen.Int[0, Math.Min(70, length)]
        from state in Gen.UInt
        select (bytes, start, state);

    [Fact]
    public void The_check_value_of_the_standard_comes_out() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Any_length_and_alignment_agrees_with_bit_by_bit() => Agrees(static (s, d) => ~Crc32C.Append(~s, d));

    [Fact]
    public void The_scalar_path_agrees_with_bit_by_bit() => Agrees(Crc32CScalar.Update);

    [Fact]
    public void The_interleaved_path_agrees_with_bit_by_bit()
    {
        Assert.SkipUnless(Crc32CInterleaved.IsSupported, "This processor has no PCLMULQDQ");
        Agrees(Crc32CInterleaved.Update);
    }

    [Fact]
    public void The_256_bit_path_agrees_with_bit_by_bit()
    {
        Assert.SkipUnless(Crc32CFold256.IsSupported, "This processor has no VPCLMULQDQ");
        Agrees(Crc32CFold256.Update);
    }

    [Fact]
    public void The_512_bit_path_agrees_with_bit_by_bit()
    {
        Assert.SkipUnless(Crc32CFold512.IsSupported, "This processor has no AVX-512");
        Agrees(Crc32CFold512.Update);
    }

    [Fact]
    public void A_checksum_may_be_continued() =>
        Gen.Select(Gen.Byte.Array[0, 700], Gen.Byte.Array[0, 700]).Sample((a, b) =>
            Assert.Equal(Crc32C.Compute([.. a, .. b]), Crc32C.Append(Crc32C.Compute(a), b)));

    [Theory]
    [InlineData(128, Crc32CConstants.Fold128Low, Crc32CConstants.Fold128High)]
    [InlineData(256, Crc32CConstants.Fold256Low, Crc32CConstants.Fold256High)]
    [InlineData(384, Crc32CConstants.Fold384Low, Crc32CConstants.Fold384High)]
    [InlineData(512, Crc32CConstants.Fold512Low, Crc32CConstants.Fold512High)]
    [InlineData(1024, Crc32CConstants.Fold1024Low, Crc32CConstants.Fold1024High)]
    [InlineData(2048, Crc32CConstants.Fold2048Low, Crc32CConstants.Fold2048High)]
    public void Fold_constants_are_powers_of_x(int distance, ulong low, ulong high)
    {
        Assert.Equal((ulong)ReflectedPower(distance + 32) << 1, low);
        Assert.Equal((ulong)ReflectedPower(distance - 32) << 1, high);
    }

    [Theory]
    [InlineData(512, Crc32CConstants.Shift512)]
    [InlineData(256, Crc32CConstants.Shift256)]
    [InlineData(4096, Crc32CConstants.Shift4096)]
    [InlineData(8192, Crc32CConstants.Shift8192)]
    public void Shift_constants_are_powers_of_x(int bytes, ulong constant) =>
        Assert.Equal(ReflectedPower((8 * bytes) - 33), constant);

    private static void Agrees(Update path) =>
        s_slices.Sample(
            s => path(s.State, s.Bytes.AsSpan(s.Start)) == BitByBit(s.State, s.Bytes.AsSpan(s.Start)), iter: 300);

    private static uint BitByBit(uint state, ReadOnlySpan<byte> data)
    {
        foreach (var next in data)
        {
            state ^= next;
            for (var i = 0; i < 8; i++)
            {
                state = (state >> 1) ^ ((state & 1) * 0x82F63B78);
            }
        }

        return state;
    }

    /// <summary>x to that power modulo the polynomial, its bits in reverse.</summary>
    private static uint ReflectedPower(int exponent)
    {
        var power = 0x80000000u;
        for (var i = 0; i < exponent; i++)
        {
            power = (power >> 1) ^ ((power & 1) * 0x82F63B78);
        }

        return power;
    }
}
