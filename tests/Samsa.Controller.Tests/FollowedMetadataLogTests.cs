using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Controller.Tests;

public sealed class FollowedMetadataLogTests : IDisposable
{
    private readonly MetadataDirectory _controller = new();
    private readonly MetadataDirectory _broker = new();

    public void Dispose()
    {
        _controller.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_copy_has_the_same_bytes_at_the_same_offsets_and_goes_on_after_a_restart()
    {
        var led = new Settings();
        await using var log = _controller.Open(led);
        for (var round = 0; round < 3; round++)
        {
            var followed = new Settings();
            await using var copy = FollowedMetadataLog.Open(_broker.Options, followed);
            for (var i = 0; i < 10; i++)
            {
                await log.AppendAsync([Settings.Set($"k{i}", $"{round}"), Settings.Set("last", $"{i}")], CancellationToken.None);
                Follow(log, copy, maxBytes: i % 2 == 0 ? 1 : 100_000);
            }

            Follow(log, copy, 100_000);
            Assert.Equal(led.Values, followed.Values);
            Assert.Equal(log.EndOffset, copy.EndOffset);
            Assert.Equal(log.Epoch, copy.LastEpoch);
        }

        Assert.Equal(File.ReadAllBytes(_controller.FirstSegment), File.ReadAllBytes(_broker.FirstSegment));
    }

    [Fact]
    public async Task A_copy_that_is_far_behind_begins_again_from_a_snapshot()
    {
        var led = new Settings();
        var options = _controller.Options with { MaxBytesBetweenSnapshots = 2000, SegmentBytes = 4000 };
        await using var log = LocalMetadataLog.Open(options, led);
        var followed = new Settings();
        await using (var copy = FollowedMetadataLog.Open(_broker.Options, followed))
        {
            await log.AppendAsync([Settings.Set("gone", "later")], CancellationToken.None);
            Follow(log, copy, 1);
            for (var i = 0; log.LogStartOffset == Offset.Zero; i++)
            {
                await log.AppendAsync([Settings.Set($"k{i % 50}", new string('x', 100))], CancellationToken.None);
            }

            await log.AppendAsync([Settings.Set("gone", null)], CancellationToken.None);
            Assert.Null(log.Read(copy.EndOffset, 1000));
            var id = log.LatestSnapshot!.Value;
            copy.Install(id, Pieces(log, id));
            Assert.Equal(id.End, copy.EndOffset);
            Follow(log, copy, 1000);
            Assert.Equal(led.Values, followed.Values);
        }

        var again = new Settings();
        await using var reopened = FollowedMetadataLog.Open(_broker.Options, again);
        Assert.Equal(led.Values, again.Values);
        Assert.Equal(log.EndOffset, reopened.EndOffset);
    }

    [Fact]
    public async Task What_does_not_continue_the_copy_is_refused()
    {
        await using var log = _controller.Open(new Settings());
        await log.AppendAsync([Settings.Set("a", "1")], CancellationToken.None);
        await using var copy = FollowedMetadataLog.Open(_broker.Options, new Settings());
        var batches = log.Read(Offset.Zero, 100_000)!.Value.ToArray();
        copy.Append(batches);
        Assert.ThrowsAny<IOException>(() => copy.Append(batches));
        await log.AppendAsync([Settings.Set("a", "2")], CancellationToken.None);
        var damaged = log.Read(copy.EndOffset, 100_000)!.Value.ToArray();
        damaged[^1] ^= 1;
        Assert.ThrowsAny<IOException>(() => copy.Append(damaged));
        await Assert.ThrowsAsync<NotControllerException>(() => copy.AppendAsync([Settings.Set("a", "3")], CancellationToken.None).AsTask());
        Follow(log, copy, 100_000);
        Assert.Equal(log.EndOffset, copy.EndOffset);
    }

    private static void Follow(LocalMetadataLog log, FollowedMetadataLog copy, int maxBytes)
    {
        while (log.Read(copy.EndOffset, maxBytes) is { IsEmpty: false } batches)
        {
            copy.Append(batches);
        }
    }

    private static byte[] Pieces(LocalMetadataLog log, MetadataSnapshotId id)
    {
        var file = new List<byte>();
        long size;
        do
        {
            file.AddRange(log.ReadSnapshot(id, file.Count, 100, out size)!.Value.Span);
        }
        while (file.Count < size);

        Assert.Null(log.ReadSnapshot(id with { End = id.End + 1 }, 0, 100, out _));
        return [.. file];
    }
}
