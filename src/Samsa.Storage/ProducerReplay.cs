using System.Buffers;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Brings the producers' state to an offset: from the newest usable snapshot, and the batches after it.</summary>
internal static class ProducerReplay
{
    /// <summary>Restores the state at an offset.</summary>
    /// <param name="log">The log, with its segments up to the offset in place.</param>
    /// <param name="at">The offset.</param>
    /// <param name="listing">The directory's files.</param>
    public static void Restore(LogState log, Offset at, IReadOnlyList<StorageEntry> listing)
    {
        var from = LoadSnapshot(log, at, listing);
        var segments = log.Segments;
        for (var i = Math.Max(0, LogState.Floor(segments, from)); i < segments.Length && segments[i].BaseOffset < at; i++)
        {
            if (segments[i].Size > 0)
            {
                Replay(log, segments[i], from, at);
            }
        }
    }

    /// <returns>The offset of the snapshot loaded; the log's beginning where there is none.</returns>
    private static Offset LoadSnapshot(LogState log, Offset at, IReadOnlyList<StorageEntry> listing)
    {
        log.Producers.Clear();
        var candidates = new List<Offset>();
        foreach (var file in listing)
        {
            if (LogFiles.TryParse(file.Name, out var offset, out var suffix) && suffix == LogFiles.SnapshotSuffix && offset <= at)
            {
                candidates.Add(offset);
            }
        }

        candidates.Sort();
        for (var i = candidates.Count - 1; i >= 0; i--)
        {
            var path = log.Files.PathOf(candidates[i], LogFiles.SnapshotSuffix);
            if (ProducerSnapshot.Decode(log.Files.Disk.ReadAllBytes(path)) is { } entries)
            {
                log.Producers.Restore(entries, log.NowMs);
                return candidates[i];
            }

            log.Logger.FileDamaged(log.Partition, path);
            LogTruncation.TryDelete(log, path);
        }

        return log.Segments[0].BaseOffset;
    }

    private static void Replay(LogState log, LogSegment segment, Offset from, Offset to)
    {
        var shared = segment.Acquire();
        try
        {
            var end = segment.End;
            var position = from > segment.BaseOffset ? LogReader.Locate(segment, shared.File, end, from, 0, out _) : 0;
            Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
            var walk = new HeaderWalk(shared.File, position, end.Position, buffer);
            while (walk.MoveNext() && walk.Header.BaseOffset < to)
            {
                if (walk.Header.HasProducerId)
                {
                    Apply(log, shared.File, walk.Header, walk.Position);
                }
            }
        }
        finally
        {
            shared.Release();
        }
    }

    private static void Apply(LogState log, IStorageFile file, in BatchHeader header, long position)
    {
        if (!header.IsControl)
        {
            _ = log.Producers.Apply(default, header, log.NowMs, out _);
            return;
        }

        // The transaction index of this segment is right: only the state is wanted.
        var rented = ArrayPool<byte>.Shared.Rent(header.SizeInBytes);
        var batch = rented.AsMemory(0, header.SizeInBytes);
        if (file.Read(batch.Span, position) == batch.Length)
        {
            _ = log.Producers.Apply(batch, header, log.NowMs, out _);
        }

        ArrayPool<byte>.Shared.Return(rented);
    }
}
