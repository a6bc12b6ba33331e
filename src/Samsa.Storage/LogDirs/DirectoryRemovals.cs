using Microsoft.Extensions.Logging;

namespace Samsa.Storage;

/// <summary>
/// Directories of deleted partitions, to be removed with all their files once <c>file.delete.delay.ms</c> is over:
/// readers that still hold a slice get that time to end. What a stop leaves over goes at the next start.
/// </summary>
internal sealed class DirectoryRemovals(LogDirectory directory, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3650);

    private readonly Lock _gate = new();
    private readonly List<(string Path, DateTimeOffset Due)> _pending = [];

    /// <summary>Directories that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Has a deleted partition's directory removed after its <c>file.delete.delay.ms</c>.</summary>
    public void Add(string path, LogConfig config) =>
        Add(path, TimeSpan.FromMilliseconds(Math.Min(config.FileDeleteDelayMs, s_longest.TotalMilliseconds)));

    /// <summary>Has a directory removed after a delay.</summary>
    public void Add(string path, TimeSpan delay)
    {
        lock (_gate)
        {
            _pending.Add((path, time.GetUtcNow() + delay));
        }
    }

    /// <summary>Removes the directories that are due; one that cannot be removed now is tried again next time.</summary>
    public void RemoveDue()
    {
        foreach (var path in TakeDue())
        {
            try
            {
                directory.Files.DeleteDirectory(path);
                LogDirEvents.Removed(logger, path);
            }
            catch (IOException e)
            {
                LogDirEvents.RemovalFailed(logger, e, path);
                Add(path, TimeSpan.FromMinutes(1));
            }
        }
    }

    private List<string> TakeDue()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var due = _pending.Where(p => p.Due <= now).Select(p => p.Path).ToList();
            _pending.RemoveAll(p => p.Due <= now);
            return due;
        }
    }
}
