using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Opens everything a store finds in its directories, several logs at a time.</summary>
internal sealed class StoreRecovery(LogStoreOptions options, RecoveryTally tally, ILogger logger)
{
    /// <summary>Reads the directories, then opens their logs; blocks.</summary>
    /// <exception cref="OperationCanceledException">The start was called off.</exception>
    public void Run(IReadOnlyList<DirectoryLogs> directories, CancellationToken cancellationToken)
    {
        var found = new List<FoundLog>();
        foreach (var directory in directories)
        {
            try
            {
                Survey(directory, found);
            }
            catch (IOException e)
            {
                directory.Fail(e.Message);
            }
        }

        TakeDuplicatesOffline(found);
        tally.Total = found.Count;
        var threads = Math.Max(1, Math.Min(Environment.ProcessorCount, options.RecoveryThreadsPerDirectory() * directories.Count));
        options.Workers.ForEach(
            found, threads, log => log.Directory.OpenExisting(log.Partition, log.CleanShutdown, tally), cancellationToken);
        foreach (var directory in directories)
        {
            directory.Checkpoints.Forget();
        }
    }

    private void Survey(DirectoryLogs directory, List<FoundLog> found)
    {
        if (directory.Directory.OfflineReason is not null)
        {
            return;
        }

        var checkpointsAreWhole = directory.Checkpoints.Read();
        var clean = TakeMarker(directory.Directory, out var brokerEpoch) && checkpointsAreWhole;
        tally.SawMarker(clean ? brokerEpoch : CleanShutdownMarker.NoBrokerEpoch);
        var before = found.Count;
        foreach (var name in directory.Directory.Files.ListDirectories(directory.Directory.Path))
        {
            var path = directory.Directory.In(name);
            if (name == LogDirectories.QuorumName)
            {
                continue;
            }

            if (!PartitionDirectoryName.TryParse(name, out var parsed))
            {
                LogDirEvents.DirectoryIgnored(logger, path, "its name is no partition's");
            }
            else if (parsed.Kind == PartitionDirectoryKind.Delete)
            {
                directory.Removals.Add(path, TimeSpan.Zero);
            }
            else if (parsed.Kind != PartitionDirectoryKind.Live)
            {
                LogDirEvents.DirectoryIgnored(logger, path, "it was set aside");
            }
            else if (parsed.Partition != DirectoryLogs.ClusterMetadata)
            {
                found.Add(new FoundLog(directory, parsed.Partition, clean));
            }
        }

        tally.IsUnclean |= !clean && found.Count > before;
    }

    /// <summary>
    /// Removes the marker for good before the first log is opened: had it come back after a power cut, what was
    /// written since would be trusted unread.
    /// </summary>
    private static bool TakeMarker(LogDirectory directory, out long brokerEpoch)
    {
        brokerEpoch = CleanShutdownMarker.NoBrokerEpoch;
        var marker = directory.In(CleanShutdownMarker.FileName);
        if (!directory.Files.FileExists(marker))
        {
            return false;
        }

        brokerEpoch = CleanShutdownMarker.BrokerEpochIn(directory.Files.ReadAllBytes(marker));
        directory.Files.DeleteFile(marker);
        directory.Files.SyncDirectory(directory.Path);
        return true;
    }

    /// <summary>Nobody can say which of two directories of one partition is the right one.</summary>
    private void TakeDuplicatesOffline(List<FoundLog> found)
    {
        foreach (var twice in found.GroupBy(f => f.Partition).Where(g => g.Count() > 1).ToList())
        {
            var reason = $"it stands in several log directories: {string.Join(", ", twice.Select(f => f.Directory.Directory.Path))}";
            foreach (var one in twice)
            {
                one.Directory.TakeOffline(one.Partition, reason);
            }

            tally.Offline(twice.Key, reason);
            found.RemoveAll(f => f.Partition == twice.Key);
        }
    }

    private readonly record struct FoundLog(DirectoryLogs Directory, TopicPartition Partition, bool CleanShutdown);
}
