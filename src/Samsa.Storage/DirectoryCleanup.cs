using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Finishes or undoes what a stop left half done in a partition directory.</summary>
internal static class DirectoryCleanup
{
    /// <returns>The files that are left.</returns>
    public static IReadOnlyList<StorageEntry> Run(LogState log)
    {
        var files = log.Files.Disk.ListFiles(log.Files.Directory);
        if (!files.Any(IsLeftover))
        {
            return files;
        }

        // A cleaner that had not finished writing one of its outputs had not begun to put any of the later ones in place.
        var firstUnfinished = Offset.None;
        foreach (var file in files)
        {
            if (file.Name.EndsWith(LogFiles.CleanedSuffix, StringComparison.Ordinal))
            {
                if (LogFiles.TryParse(file.Name, out var at, out _) && (!firstUnfinished.IsPosition || at < firstUnfinished))
                {
                    firstUnfinished = at;
                }
            }
        }

        foreach (var file in files)
        {
            if (IsLeftover(file) && !IsUsableSwap(file, firstUnfinished))
            {
                Remove(log, file.Name);
            }
        }

        foreach (var file in files.Where(file => IsUsableSwap(file, firstUnfinished)))
        {
            CompleteSwap(log, file);
        }

        return log.Files.Disk.ListFiles(log.Files.Directory);
    }

    private static bool IsLeftover(StorageEntry file) =>
        file.Name.EndsWith(LogFiles.DeletedSuffix, StringComparison.Ordinal)
        || file.Name.EndsWith(LogFiles.CleanedSuffix, StringComparison.Ordinal)
        || file.Name.EndsWith(LogFiles.SwapSuffix, StringComparison.Ordinal)
        || file.Name.EndsWith(LogFiles.TemporarySuffix, StringComparison.Ordinal);

    /// <summary>A finished output of the cleaner. Its indexes are not used: they are built anew.</summary>
    private static bool IsUsableSwap(StorageEntry file, Offset firstUnfinished) =>
        LogFiles.TryParse(file.Name, out var at, out var suffix)
        && suffix == LogFiles.LogSuffix + LogFiles.SwapSuffix
        && (!firstUnfinished.IsPosition || at < firstUnfinished);

    /// <summary>The output replaces the segments whose offsets it covers.</summary>
    private static void CompleteSwap(LogState log, StorageEntry swap)
    {
        var disk = log.Files.Disk;
        var path = log.Files.PathOf(swap.Name);
        Invariant.Holds(LogFiles.TryParse(swap.Name, out var baseOffset, out _));
        var end = EndOf(log, path, baseOffset);
        foreach (var file in disk.ListFiles(log.Files.Directory))
        {
            if (LogFiles.TryParse(file.Name, out var at, out var suffix)
                && LogFiles.SegmentSuffixes.Contains(suffix)
                && (at == baseOffset || (at > baseOffset && at < end)))
            {
                Remove(log, file.Name);
            }
        }

        disk.Rename(path, path[..^LogFiles.SwapSuffix.Length]);
    }

    private static Offset EndOf(LogState log, string path, Offset baseOffset)
    {
        var end = baseOffset;
        using var file = log.Files.Disk.Open(path, StorageOpenMode.Read);
        using var scanner = new BatchScanner(file, null);
        while (scanner.MoveNext(end))
        {
            end = scanner.Header.NextOffset;
        }

        return scanner.Fault is null ? end : throw new LogCorruptException($"{path}, position {scanner.Next}: {scanner.Fault}.");
    }

    private static void Remove(LogState log, string name)
    {
        log.Files.Disk.DeleteFile(log.Files.PathOf(name));
        log.Logger.LeftoverRemoved(log.Partition, name);
    }
}
