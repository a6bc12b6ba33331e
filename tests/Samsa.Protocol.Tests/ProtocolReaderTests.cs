namespace Samsa.Protocol.Tests;

public class ProtocolReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_152)]
    [InlineData(268_435_455)]
    [InlineData(268_435_456)]
    [InlineData(int.MaxValue)]
    public void Unsigned_varints_take_one_byte_per_seven_bits(int value)
    {
        var bytes = new byte[5];
        var writer = new ProtocolWriter(bytes);
        writer.WriteUnsignedVarint(value);
        Assert.Equal(WireSize.UnsignedVarint(value), writer.Written);
        var reader = new ProtocolReader(bytes);
        Assert.Equal(value, reader.ReadUnsignedVarint());
        Assert.Equal(writer.Written, reader.Position);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("8080808080")]
    [InlineData("ffffffff0f")]
    [InlineData("ffffffffffffffff7f")]
    [InlineData("808080808001")]
    public void Varints_cut_short_or_beyond_31_bits_are_refused(string hex) =>
        Assert.Throws<ProtocolException>(() => new ProtocolReader(Convert.FromHexString(hex)).ReadUnsignedVarint());

    [Theory]
    [InlineData("000361", false)]
    [InlineData("0461", true)]
    [InlineData("ffffffff07", true)]
    public void Strings_with_impossible_lengths_are_refused(string hex, bool compact) =>
        Assert.Throws<ProtocolException>(() => new ProtocolReader(Convert.FromHexString(hex)).ReadNullableString(compact));

    [Fact]
    public void A_string_longer_than_the_protocol_allows_is_refused_both_ways()
    {
        byte[] bytes = [0x81, 0x80, 0x02, .. new byte[32_768]];
        Assert.Throws<ProtocolException>(() => new ProtocolReader(bytes).ReadString(compact: true));
        Assert.Throws<ProtocolException>(() => new ProtocolWriter(new byte[40_000]).WriteString(new string('a', 32_768), compact: true));
    }

    [Fact]
    public void Null_where_a_value_is_wanted_is_refused()
    {
        Assert.Throws<ProtocolException>(() => new ProtocolReader(new byte[] { 0xff, 0xff }).ReadString(compact: false));
        Assert.Throws<ProtocolException>(() => new ProtocolReader(new byte[] { 0 }).ReadString(compact: true));
        Assert.Throws<ProtocolException>(() => new ProtocolReader(new byte[] { 0 }).ReadBytes(compact: true));
        Assert.Throws<ProtocolException>(() => new ProtocolReader(new byte[] { 0xff, 0xff, 0xff, 0xff }).ReadArrayLength(compact: false, 1));
    }

    [Fact]
    public void Any_negative_length_is_null()
    {
        Assert.Null(new ProtocolReader(new byte[] { 0x80, 0 }).ReadNullableString(compact: false));
        Assert.Null(new ProtocolReader(new byte[] { 0xff, 0xff, 0xff, 0xfe }).ReadNullableBytes(compact: false));
        Assert.Equal(-1, new ProtocolReader(new byte[] { 0x80, 0, 0, 0 }).ReadNullableArrayLength(compact: false, 8));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_replaced()
    {
        Assert.Equal("a\ufffdb", new ProtocolReader(new byte[] { 4, (byte)'a', 0xff, (byte)'b' }).ReadString(compact: true));
    }

    [Theory]
    [InlineData("00000003", 1)]
    [InlineData("7fffffff", 1)]
    [InlineData("40000000", 16)]
    public void An_array_count_that_the_bytes_left_cannot_hold_is_refused(string hex, int minimum) =>
        Assert.Throws<ProtocolException>(() =>
            new ProtocolReader(Convert.FromHexString(hex + "0000")).ReadNullableArrayLength(compact: false, minimum));

    [Fact]
    public void A_tagged_field_bounds_what_is_read_inside_it()
    {
        // Tag 0 of two bytes, inside which four are asked for; enough bytes follow.
        byte[] bytes = [0, 2, 1, 2, 3, 4, 5, 6];
        Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(bytes);
            reader.BeginTaggedField(out _);
            reader.ReadInt32();
        });
        Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(bytes);
            reader.BeginTaggedField(out var outerEnd);
            reader.ReadInt8();
            reader.EndTaggedField(outerEnd);
        });
    }

    [Fact]
    public void Records_and_bytes_are_slices_of_the_frame()
    {
        byte[] frame = [3, 7, 8, 2, 9];
        var reader = new ProtocolReader(frame);
        var bytes = reader.ReadBytes(compact: true);
        var records = reader.ReadNullableRecords(compact: true);
        frame[1] = 70;
        frame[4] = 90;
        Assert.Equal([70, 8], bytes.ToArray());
        Assert.Equal([90], records.Memory.ToArray());
    }
}
