using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Finds batches by offset. Takes no lock: what it looks at is published whole.</summary>
internal sealed class LogReader(LogState log)
{
    public ReadOutcome Read(Offset from, int maxBytes, Offset upTo, bool atLeastOneBatch)
    {
        while (true)
        {
            if (log.IsOffline || log.IsClosed)
            {
                return new(ErrorCode.KafkaStorageError, null, from);
            }

            // In this order: a segment list read later can only hold more at its end, and less at its beginning.
            var start = log.LogStart;
            var end = log.LogEnd;
            var segments = log.Segments;
            if (from < start || from > end || LogState.Floor(segments, from) < 0)
            {
                return new(ErrorCode.OffsetOutOfRange, null, from);
            }

            try
            {
                return Read(segments, from, maxBytes, Offset.Min(upTo, end), atLeastOneBatch);
            }
            catch (IOException e)
            {
                // A segment may have been removed meanwhile; then another look at the log tells.
                if (ReferenceEquals(segments, log.Segments))
                {
                    log.Logger.ReadFailed(e, log.Partition, from);
                    log.DiskFailed?.Invoke();
                    return new(ErrorCode.KafkaStorageError, null, from);
                }
            }
        }
    }

    /// <summary>The position of the first batch that holds the offset or comes after it; the segment's end where there is none.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="file">Its file.</param>
    /// <param name="end">Its end, as seen by the caller.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="notBefore">The start of a batch known not to come after that one.</param>
    /// <param name="found">The batch; default where there is none.</param>
    public static int Locate(LogSegment segment, IStorageFile file, SegmentEnd end, Offset offset, int notBefore, out BatchHeader found)
    {
        Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
        var position = Math.Max(notBefore, segment.Indexes().Offsets.PositionFor(offset - segment.BaseOffset));
        var walk = new HeaderWalk(file, position, end.Position, buffer);
        while (walk.MoveNext())
        {
            if (walk.Header.LastOffset >= offset)
            {
                found = walk.Header;
                return (int)walk.Position;
            }
        }

        if (walk.Next != end.Position)
        {
            throw new IOException($"{segment.Path} has no batch at position {walk.Next}.");
        }

        found = default;
        return end.Position;
    }

    private static ReadOutcome Read(LogSegment[] segments, Offset from, int maxBytes, Offset limit, bool atLeastOneBatch)
    {
        for (var i = LogState.Floor(segments, from); i < segments.Length && segments[i].BaseOffset < limit && from < limit; i++)
        {
            var segment = segments[i];
            var generation = segment.Generation;
            var end = segment.End;
            if (from >= end.NextOffset || end.Position == 0)
            {
                continue;
            }

            var shared = segment.Acquire();
            var slice = Slice.Empty;
            try
            {
                slice = Find(segment, shared.File, generation, end, from, maxBytes, limit, atLeastOneBatch);
                if (slice.Start < end.Position)
                {
                    return slice.Length == 0
                        ? new(ErrorCode.None, null, from)
                        : new(ErrorCode.None, new LogSlice(shared, slice.Start, slice.Length, slice.First), slice.Next);
                }
            }
            finally
            {
                if (slice.Length == 0)
                {
                    shared.Release();
                }
            }
        }

        return new(ErrorCode.None, null, from);
    }

    private static Slice Find(
        LogSegment segment, IStorageFile file, int generation, SegmentEnd end, Offset from, int maxBytes, Offset limit, bool atLeastOneBatch)
    {
        var first = default(BatchHeader);
        if (segment.HintFor(from) is not { } start || start >= end.Position)
        {
            start = Locate(segment, file, end, from, 0, out first);
        }

        var firstOffset = first.SizeInBytes > BatchHeader.Length ? first.BaseOffset : from;
        var stop = end.Position;
        var next = end.NextOffset;
        if (limit < next)
        {
            // The batch that holds the limit is out, and all after it. Where exactly is only asked when the limit can be within reach.
            var bound = segment.Indexes().Offsets.PositionFor(limit - segment.BaseOffset);
            stop = bound > start + (long)maxBytes ? bound : Locate(segment, file, end, limit, start, out _);
            next = limit;
        }

        if (stop > start && stop - start > maxBytes)
        {
            (stop, next) = Cut(segment, file, start, start + (long)Math.Max(maxBytes, 0), stop, atLeastOneBatch);
        }

        if (stop > start)
        {
            segment.Remember(next, stop, generation);
        }

        return new Slice(start, Math.Max(stop - start, 0), firstOffset, next);
    }

    /// <summary>Where the last whole batch before a position ends, and the offset that follows it.</summary>
    private static (int Stop, Offset Next) Cut(LogSegment segment, IStorageFile file, int start, long wanted, int stop, bool atLeastOneBatch)
    {
        Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
        var from = Math.Max(start, segment.Indexes().Offsets.PositionAtOrBefore(wanted));
        var walk = new HeaderWalk(file, from, stop, buffer);
        while (walk.MoveNext())
        {
            if (walk.Next > wanted)
            {
                return walk.Position == start && atLeastOneBatch
                    ? ((int)walk.Next, walk.Header.NextOffset)
                    : ((int)walk.Position, walk.Header.BaseOffset);
            }
        }

        throw new IOException($"{segment.Path} has no batch at position {walk.Next}.");
    }

    private readonly record struct Slice(int Start, int Length, Offset First, Offset Next)
    {
        public static Slice Empty => default;
    }
}
