using CsCheck;

namespace Samsa.Network.Tests;

public sealed class FrameReaderTests
{
    private static readonly BudgetWaiter Nobody = new(() => { });

    [Fact]
    public void Frames_of_any_size_in_pieces_of_any_size_come_out_as_they_went_in()
    {
        var sizes = Gen.OneOf(Gen.Int[1, 300], Gen.Int[3000, 70_000], Gen.Int[60_000, 68_000], Gen.Int[900_000, 1_300_000]).Array[1, 12];
        var pieces = Gen.OneOf(Gen.Int[1, 7], Gen.Int[1, 5000], Gen.Int[1, 2_000_000]).Array[1, 40];
        Gen.Select(sizes, pieces, Gen.Bool, Gen.Int).Sample(
            (frameSizes, pieceSizes, keepFrames, seed) =>
            {
                var pool = new BufferPool(8 << 20);
                var budget = new RequestMemoryBudget(-1);
                var random = new Random(seed);
                var sent = frameSizes.Select(size => Bytes(random, size)).ToArray();
                var got = Run(pool, budget, TestClient.Framed(sent), pieceSizes, keepFrames);
                Assert.Equal(sent.Length, got.Count);
                Assert.All(sent.Zip(got), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
                Assert.Equal(0, pool.Outstanding);
                Assert.Equal(0, budget.Used);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public void A_claim_holds_no_more_memory_than_the_bytes_behind_it_justify()
    {
        var pool = new BufferPool(8 << 20);
        var budget = new RequestMemoryBudget(-1);
        using var reader = new FrameReader(pool, budget);
        Feed(reader, TestClient.Size(100 << 20), budget);
        Assert.Equal(FrameStatus.Incomplete, reader.TryRead(100 << 20, out _, out _));
        var received = 0;
        while (received < 4 << 20)
        {
            var reserve = reader.Plan();
            Assert.Equal(received == 0 ? 100 << 20 : 0, reserve);
            Assert.True(budget.TryReserve(reserve, Nobody));
            var target = reader.Target();
            Assert.InRange(received + target.Length, 1, Math.Max(64 << 10, received * 34));
            reader.Received(target.Length);
            received += target.Length;
        }
    }

    [Fact]
    public void A_batch_of_a_megabyte_is_received_up_to_its_last_byte_and_no_further()
    {
        var pool = new BufferPool(8 << 20);
        var budget = new RequestMemoryBudget(-1);
        using var reader = new FrameReader(pool, budget);
        var size = (1 << 20) + 12 + 150;
        Feed(reader, TestClient.Size(size), budget);
        Assert.Equal(FrameStatus.Incomplete, reader.TryRead(100 << 20, out _, out _));
        var received = 0;
        var receives = 0;
        RequestFrame? frame;
        while (reader.TryRead(100 << 20, out frame, out _) == FrameStatus.Incomplete)
        {
            Assert.True(budget.TryReserve(reader.Plan(), Nobody));
            var target = reader.Target();
            Assert.True(received + target.Length <= size);
            reader.Received(target.Length);
            received += target.Length;
            receives++;
        }

        Assert.Equal(2, receives);
        Assert.Equal(size, frame!.Length);
        frame.Release();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(1001)]
    public void Sizes_out_of_range_are_refused(int claimed)
    {
        var budget = new RequestMemoryBudget(-1);
        using var reader = new FrameReader(new BufferPool(0), budget);
        Feed(reader, TestClient.Size(claimed), budget);
        Assert.Equal(FrameStatus.BadSize, reader.TryRead(1000, out _, out var told));
        Assert.Equal(claimed, told);
    }

    [Fact]
    public void A_reader_that_goes_away_in_the_middle_of_a_frame_gives_everything_back()
    {
        var pool = new BufferPool(8 << 20);
        var budget = new RequestMemoryBudget(1 << 20);
        foreach (var received in new[] { 3, 100, 4096, 70_000, 200_000 })
        {
            var reader = new FrameReader(pool, budget);
            var bytes = new byte[received];
            TestClient.Size(300_000).AsSpan(0, Math.Min(4, received)).CopyTo(bytes);
            Feed(reader, bytes, budget);
            reader.Dispose();
            Assert.Equal(0, pool.Outstanding);
            Assert.Equal(0, budget.Used);
        }
    }

    [Fact]
    public void A_connection_that_waits_does_so_with_a_small_buffer()
    {
        var pool = new BufferPool(8 << 20);
        var budget = new RequestMemoryBudget(-1);
        using var reader = new FrameReader(pool, budget);
        Feed(reader, TestClient.Framed(new byte[50_000], new byte[20]), budget);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(FrameStatus.Complete, reader.TryRead(1 << 20, out var frame, out _));
            frame!.Release();
        }

        Assert.Equal(0, reader.Plan());
        Assert.Equal(FrameReader.IdleBytes, reader.Target().Length);
    }

    private static List<byte[]> Run(BufferPool pool, RequestMemoryBudget budget, byte[] stream, int[] pieces, bool keepFrames)
    {
        var got = new List<byte[]>();
        var kept = new List<RequestFrame>();
        using (var reader = new FrameReader(pool, budget))
        {
            var at = 0;
            for (var turn = 0; at < stream.Length; turn++)
            {
                at += FeedOnce(reader, stream.AsSpan(at), pieces[turn % pieces.Length], budget);
                while (reader.TryRead(100 << 20, out var frame, out _) == FrameStatus.Complete)
                {
                    if (!keepFrames)
                    {
                        got.Add(frame!.Memory.ToArray());
                        frame.Release();
                        continue;
                    }

                    kept.Add(frame!);
                }
            }
        }

        // Later receives must not have touched the frames that are still held.
        foreach (var frame in kept)
        {
            got.Add(frame.Memory.ToArray());
            frame.Release();
        }

        return got;
    }

    private static void Feed(FrameReader reader, ReadOnlySpan<byte> bytes, RequestMemoryBudget budget)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[FeedOnce(reader, bytes, int.MaxValue, budget)..];
            if (bytes.Length > 0)
            {
                reader.TryRead(int.MaxValue, out _, out _);
            }
        }
    }

    private static int FeedOnce(FrameReader reader, ReadOnlySpan<byte> bytes, int most, RequestMemoryBudget budget)
    {
        Assert.True(budget.TryReserve(reader.Plan(), Nobody));

        var target = reader.Target();
        var piece = Math.Min(Math.Min(bytes.Length, most), target.Length);
        bytes[..piece].CopyTo(target.Span);
        reader.Received(piece);
        return piece;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
