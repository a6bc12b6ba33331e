using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// The broker's log directories, locked against any second broker and known to be its own. Comes before everything
/// else that touches them: the metadata log, then the <see cref="LogStore"/>; and goes last.
/// </summary>
public sealed class LogDirectories : IDisposable
{
    /// <summary>The directory of the controllers' consensus, beside the metadata log that it feeds: no partition's, and not the log store's.</summary>
    public const string QuorumName = "quorum";

    private const string LockName = ".lock";

    private readonly List<IDisposable> _locks = [];
    private readonly List<LogDirectory> _all = [];

    private LogDirectories(BrokerId nodeId) => NodeId = nodeId;

    /// <summary>The cluster whose data the directories hold; generated with the first of them.</summary>
    public string ClusterId { get; private set; } = string.Empty;

    /// <summary>The broker whose directories they are.</summary>
    public BrokerId NodeId { get; }

    /// <summary>All directories in configured order, unusable ones included.</summary>
    public IReadOnlyList<LogDirectory> All => _all;

    /// <summary>Makes missing directories, takes their locks and checks whose they are.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="paths"><c>log.dirs</c>, at least one.</param>
    /// <param name="nodeId"><c>node.id</c>.</param>
    /// <param name="clusterId">The cluster to be part of; null to take what the directories say, or a new id.</param>
    /// <exception cref="LogDirectoryException">A directory is in use, belongs to another broker or cluster, or none can be used.</exception>
    public static LogDirectories Claim(IFileSystem files, IReadOnlyList<string> paths, BrokerId nodeId, string? clusterId)
    {
        Invariant.Holds(paths.Count > 0);
        var claimed = new LogDirectories(nodeId);
        try
        {
            claimed.Take(files, paths, clusterId);
            return claimed;
        }
        catch
        {
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>Says in words why every directory is out of use; null where one works.</summary>
    public string? WhyNoneIsUsable() => _all.TrueForAll(d => d.OfflineReason is not null)
        ? $"No log directory can be used: {string.Join("; ", _all.Select(d => $"{d.Path}: {d.OfflineReason}"))}"
        : null;

    /// <summary>Lets go of the locks.</summary>
    public void Dispose()
    {
        foreach (var held in _locks)
        {
            held.Dispose();
        }

        _locks.Clear();
    }

    private static void MakeDirectory(IFileSystem files, string path)
    {
        if (!files.DirectoryExists(path))
        {
            files.CreateDirectory(path);

            // What will be promised to survive a power cut is only as durable as the directory's own name.
            if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            {
                files.SyncDirectory(parent);
            }
        }
    }

    private void Take(IFileSystem files, IReadOnlyList<string> paths, string? clusterId)
    {
        var found = new List<(string Path, MetaProperties? Meta, string? Failure)>();
        foreach (var path in paths.Select(Path.GetFullPath))
        {
            try
            {
                MakeDirectory(files, path);
                Lock(files, path);
                found.Add((path, MetaProperties.Read(files, path), null));
            }
            catch (IOException e) when (e is not LogDirectoryException)
            {
                found.Add((path, null, e.Message));
            }
        }

        foreach (var (path, meta, _) in found)
        {
            if (meta is not null)
            {
                CheckOwner(path, meta, ref clusterId);
            }
        }

        ClusterId = clusterId ?? MetaProperties.IdText(MetaProperties.NewId());
        foreach (var (path, meta, failure) in found)
        {
            _all.Add(failure is null ? Identify(files, path, meta) : new LogDirectory(files, path, failure));
        }

        if (WhyNoneIsUsable() is { } reason)
        {
            throw new LogDirectoryException(reason);
        }
    }

    private void Lock(IFileSystem files, string path)
    {
        var held = files.TryLock(Path.Join(path, LockName))
            ?? throw new LogDirectoryException(
                $"Log directory {path} is in use by another broker, which holds its {LockName}; stop that broker or give this one a directory of its own");
        _locks.Add(held);
    }

    private void CheckOwner(string path, MetaProperties meta, ref string? clusterId)
    {
        if (meta.NodeId != NodeId)
        {
            throw new LogDirectoryException(
                $"Log directory {path} belongs to broker {meta.NodeId}, and this is broker {NodeId}; set node.id={meta.NodeId} or use another directory");
        }

        clusterId ??= meta.ClusterId;
        if (meta.ClusterId is { } theirs && theirs != clusterId)
        {
            throw new LogDirectoryException(
                $"Log directory {path} belongs to cluster {theirs}, and this broker to cluster {clusterId}; use another directory");
        }
    }

    private LogDirectory Identify(IFileSystem files, string path, MetaProperties? meta)
    {
        var complete = new MetaProperties(
            ClusterId, NodeId, meta is null || meta.DirectoryId == Guid.Empty ? MetaProperties.NewId() : meta.DirectoryId);
        try
        {
            if (complete != meta)
            {
                files.ReplaceFile(Path.Join(path, MetaProperties.FileName), complete.Format(), durable: true);
            }

            return new LogDirectory(files, path, complete.DirectoryId);
        }
        catch (IOException e)
        {
            return new LogDirectory(files, path, e.Message);
        }
    }
}
