using System.Buffers;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Finds records by time: the segment by its latest time, the place in it by the time index, the record by reading batches.</summary>
internal sealed class TimestampSearch(LogState log)
{
    /// <summary>Bytes that a batch's records may take when decompressed; the bound that appends have.</summary>
    private const int MaxDecompressedBytes = 128 * 1024 * 1024;

    public TimestampLookup Find(long timestampMs)
    {
        while (true)
        {
            var start = log.LogStart;
            var segments = log.Segments;
            try
            {
                for (var i = Math.Max(0, LogState.Floor(segments, start)); i < segments.Length; i++)
                {
                    if (segments[i].Size > 0
                        && segments[i].Times().MaxTimestampMs >= timestampMs
                        && Find(segments[i], timestampMs, start) is { Found: true } found)
                    {
                        return found;
                    }
                }

                return TimestampLookup.None;
            }
            catch (IOException) when (!ReferenceEquals(segments, log.Segments))
            {
                // A segment was removed meanwhile: look again.
            }
        }
    }

    public TimestampLookup FindLatest()
    {
        var start = log.LogStart;
        var latest = -1L;
        foreach (var segment in log.Segments)
        {
            // Of a segment that begins before the log, deleted records do not count.
            latest = Math.Max(latest, segment.BaseOffset >= start ? segment.Times().MaxTimestampMs : LatestFrom(segment, start));
        }

        return latest < 0 ? TimestampLookup.None : Find(latest);
    }

    private static long LatestFrom(LogSegment segment, Offset start)
    {
        var shared = segment.Acquire();
        try
        {
            var end = segment.End;
            var latest = -1L;
            Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
            var walk = new HeaderWalk(shared.File, LogReader.Locate(segment, shared.File, end, start, 0, out _), end.Position, buffer);
            while (walk.MoveNext())
            {
                latest = Math.Max(latest, walk.Header.MaxTimestamp);
            }

            return latest;
        }
        finally
        {
            shared.Release();
        }
    }

    private TimestampLookup Find(LogSegment segment, long timestampMs, Offset notBefore)
    {
        var shared = segment.Acquire();
        try
        {
            var end = segment.End;
            var indexes = segment.Indexes();
            var from = Offset.Max(segment.BaseOffset + indexes.Times.OffsetFor(timestampMs), notBefore);
            Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
            var walk = new HeaderWalk(shared.File, indexes.Offsets.PositionFor(from - segment.BaseOffset), end.Position, buffer);
            while (walk.MoveNext())
            {
                if (walk.Header.LastOffset >= notBefore
                    && walk.Header.MaxTimestamp >= timestampMs
                    && FindInBatch(shared.File, walk.Header, walk.Position, timestampMs, notBefore) is { Found: true } found)
                {
                    return found;
                }
            }

            return TimestampLookup.None;
        }
        finally
        {
            shared.Release();
        }
    }

    private TimestampLookup FindInBatch(IStorageFile file, in BatchHeader header, long position, long timestampMs, Offset notBefore)
    {
        var rented = ArrayPool<byte>.Shared.Rent(header.SizeInBytes);
        try
        {
            var batch = rented.AsMemory(0, header.SizeInBytes);
            if (file.Read(batch.Span, position) < batch.Length)
            {
                throw new IOException($"{log.Partition}: a segment ended within a batch.");
            }

            foreach (var record in RecordBatch.Records(batch, MaxDecompressedBytes))
            {
                if (record.Timestamp >= timestampMs && record.Offset >= notBefore)
                {
                    return new(Found: true, record.Offset, record.Timestamp, header.LeaderEpoch);
                }
            }

            return TimestampLookup.None;
        }
        catch (InvalidRecordException e)
        {
            throw new LogCorruptException($"{log.Partition}: batch at offset {header.BaseOffset}: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
