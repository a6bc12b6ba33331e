using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Reads out of a segment's batch headers what its index files do not tell.</summary>
internal static class SegmentIndexBuilder
{
    /// <summary>The indexes of a segment whose index files are missing or make no sense.</summary>
    public static SegmentIndexes Build(LogSegment segment)
    {
        var indexes = new SegmentIndexes();
        var times = SegmentTimes.None;
        var shared = segment.Acquire();
        try
        {
            Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
            var walk = new HeaderWalk(shared.File, 0, segment.Size, buffer);
            while (walk.MoveNext())
            {
                times = times.With(walk.Header);
                indexes.Observe(walk.Header, segment.BaseOffset, walk.Position, LogConfig.Default.IndexIntervalBytes, times);
            }
        }
        finally
        {
            shared.Release();
        }

        indexes.AddFinalTime(times, segment.BaseOffset);
        return indexes;
    }

    /// <summary>The latest record time of a segment that ends at a position, from its indexes and the batches behind their last entries.</summary>
    public static SegmentTimes TimesFromTail(IStorageFile file, SegmentIndexes indexes, Offset baseOffset, int end)
    {
        var times = SegmentTimes.From(indexes.Times.Last, baseOffset);
        Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
        var walk = new HeaderWalk(file, indexes.Offsets.PositionAtOrBefore(end), end, buffer);
        while (walk.MoveNext())
        {
            times = times.With(walk.Header);
        }

        return times;
    }
}
