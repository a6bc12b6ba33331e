using CsCheck;
using Samsa.Protocol.Messages;

namespace Samsa.Protocol.Tests;

public class MalformedTests
{
    private static readonly byte[] s_telling = [0, 1, 0x7f, 0x80, 0xff];

    public static TheoryData<string> Messages => [.. Layout.All.Select(l => l.ToString())];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_prefix_is_a_message_or_a_protocol_error(string name)
    {
        var layout = Layout.Of(name);
        for (var version = layout.FirstVersion; version <= layout.LastVersion; version++)
        {
            for (var seed = 0; seed < 2; seed++)
            {
                var frame = Wire.Write(RandomMessages.Make(layout, version, seed), version);
                var step = Math.Max(1, frame.Length / 60);
                for (var length = 0; length < frame.Length; length += step)
                {
                    Assert.False(Wire.IsReadable(layout.New(), frame.AsMemory(0, length), version), $"{name} v{version} seed {seed} cut at {length}");
                }
            }
        }
    }

    [Fact]
    public void Mutations_are_messages_or_protocol_errors_and_allocate_little()
    {
        var message =
            from layout in Gen.Int[0, Layout.All.Count - 1].Select(i => Layout.All[i])
            from version in Gen.Int[layout.FirstVersion, layout.LastVersion]
            from seed in Gen.Int
            select (Layout: layout, Version: version, Frame: Wire.Write(RandomMessages.Make(layout, version, seed), version));
        var mutation = Gen.Select(Gen.Int[0, 1 << 20], Gen.OneOf(Gen.Byte, Gen.Int[0, s_telling.Length - 1].Select(i => s_telling[i]))).Array[1, 6];
        Gen.Select(message, mutation).Sample(
            (original, changes) =>
            {
                var frame = original.Frame.ToArray();
                foreach (var (at, value) in changes)
                {
                    if (frame.Length > 0)
                    {
                        frame[at % frame.Length] = value;
                    }
                }

                var target = original.Layout.New();
                var before = GC.GetAllocatedBytesForCurrentThread();
                Wire.IsReadable(target, frame, original.Version);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                // An object with every field null or empty takes few bytes on the wire and some hundred here.
                Assert.True(allocated <= 20_000 + (frame.Length * 200L), $"{allocated} bytes for a frame of {frame.Length}");
            },
            iter: 3_000);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void An_array_count_beyond_the_bytes_at_hand_allocates_nothing(short version)
    {
        byte[] count = version < 9 ? [0x7f, 0xff, 0xff, 0xff] : [0xff, 0xff, 0xff, 0xff, 0x07];
        byte[] noTransactionalId = version < 9 ? [0xff, 0xff] : [0];
        byte[] frame = [.. noTransactionalId, 0, 1, 0, 0, 0, 1, .. count, 0, 0];
        var request = new ProduceRequest();
        Assert.Throws<ProtocolException>(() => Wire.Read(request, frame, version));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(Wire.IsReadable(request, frame, version));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000);
    }
}
