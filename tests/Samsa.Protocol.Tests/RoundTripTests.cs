using Samsa.Model;

namespace Samsa.Protocol.Tests;

public class RoundTripTests
{
    private const int Seeds = 6;

    public static TheoryData<string> Messages => [.. Layout.All.Select(l => l.ToString())];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_comes_back_from_the_wire_as_it_was_written(string name)
    {
        var layout = Layout.Of(name);
        for (var version = layout.FirstVersion; version <= layout.LastVersion; version++)
        {
            for (var seed = 0; seed < Seeds; seed++)
            {
                var message = RandomMessages.Make(layout, version, seed);
                var expected = PlainEncoder.Encode(layout, message, version);
                var written = Wire.Write(message, version);
                Assert.True(expected.AsSpan().SequenceEqual(written), $"{name} v{version} seed {seed}: other bytes than the definition says");

                var copy = layout.New();
                var left = Wire.Read(copy, written, version);
                Assert.True(left == 0, $"{name} v{version} seed {seed}: {left} bytes left");
                Assert.True(
                    PlainEncoder.Encode(layout, copy, version).AsSpan().SequenceEqual(expected),
                    $"{name} v{version} seed {seed}: read back another message");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_after_a_message_are_left_alone(string name)
    {
        var layout = Layout.Of(name);
        var version = layout.LastVersion;
        byte[] longer = [.. Wire.Write(RandomMessages.Make(layout, version, 1), version), 1, 2, 3];
        Assert.Equal(3, Wire.Read(layout.New(), longer, version));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_field_that_the_version_lacks_is_dropped_or_refused_as_its_definition_says(string name)
    {
        var layout = Layout.Of(name);
        for (var version = layout.FirstVersion; version <= layout.LastVersion; version++)
        {
            foreach (var field in layout.Root.Fields.Where(f => !f.Versions.Contains(version)))
            {
                var value = Enumerable.Range(3, 100)
                    .Select(seed => RandomMessages.Make(layout, field.Versions.First, seed))
                    .Select(m => PlainEncoder.ValueOf(field, m))
                    .First(v => v is not null && !PlainEncoder.IsDefault(field, v));
                var message = RandomMessages.Make(layout, version, 3);
                message.GetType().GetProperty(field.Name)!.SetValue(message, value);
                if (field.Ignorable)
                {
                    Assert.Equal(PlainEncoder.Encode(layout, message, version), Wire.Write(message, version));
                }
                else
                {
                    var refused = Assert.Throws<ProtocolException>(() => Wire.Write(message, version));
                    Assert.Contains(field.Name, refused.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void A_null_that_the_version_cannot_say_is_refused()
    {
        var request = new Messages.MetadataRequest { Topics = null };
        Assert.Throws<ProtocolException>(() => Wire.Write(request, 0));
        Assert.Equal([0xff, 0xff, 0xff, 0xff], Wire.Write(request, 1));
        Assert.Throws<ProtocolException>(() => Wire.Read(new Messages.MetadataRequest(), new byte[] { 0xff, 0xff, 0xff, 0xff }, 0));
    }

    [Fact]
    public void Unknown_tagged_fields_are_passed_over()
    {
        // Tags 5 and 130 mean nothing here; the second is empty.
        var bytes = Wire.Write(new Messages.HeartbeatRequest { GroupId = "g", GenerationId = 3, MemberId = "m" }, 4);
        byte[] tagged = [.. bytes[..^1], 2, 5, 3, 1, 2, 3, 130, 1, 0];
        var read = new Messages.HeartbeatRequest();
        Assert.Equal(0, Wire.Read(read, tagged, 4));
        Assert.Equal((3, "m"), (read.GenerationId, read.MemberId));
    }

    [Fact]
    public void Tagged_fields_may_come_in_any_order()
    {
        var bytes = Wire.Write(new Messages.FetchRequest { ClusterId = "c", ReplicaState = new() { ReplicaId = new(7), ReplicaEpoch = 9 } }, 15);
        // Two tags: 0 of two bytes, 1 of thirteen.
        var tail = bytes.AsSpan(bytes.Length - 20).ToArray();
        Assert.Equal([2, 0, 2, 2, (byte)'c', 1, 13], tail[..7]);
        byte[] swapped = [.. bytes[..^20], 2, .. tail[5..], .. tail[1..5]];
        var read = new Messages.FetchRequest();
        Assert.Equal(0, Wire.Read(read, swapped, 15));
        Assert.Equal("c", read.ClusterId);
        Assert.Equal(new BrokerId(7), read.ReplicaState!.ReplicaId);
    }
}
