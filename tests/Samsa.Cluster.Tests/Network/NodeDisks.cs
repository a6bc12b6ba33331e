namespace Samsa.Cluster.Tests.Network;

/// <summary>A small disk in memory for each node where the machine allows it, plain folders otherwise. Only the former can be filled.</summary>
internal sealed class NodeDisks : IDisposable
{
    private const string Ballast = "ballast";
    private const int Block = 1 << 16;

    private readonly string _root = Directory.CreateTempSubdirectory($"{NetworkLeftovers.DiskPrefix}{Environment.ProcessId}-").FullName;
    private readonly List<string> _mounted = [];

    /// <param name="nodes">Nodes 1 to N.</param>
    /// <param name="megabytes">Size of each disk; 0 for plain folders.</param>
    public NodeDisks(int nodes, int megabytes)
    {
        for (int node = 1; node <= nodes; node++)
        {
            string disk = Directory.CreateDirectory(Of(node)).FullName;
            if (megabytes > 0 && Environment.IsPrivilegedProcess
                && Shell.TryRun("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "samsa-test", disk).Code == 0)
            {
                _mounted.Add(disk);
            }
        }
    }

    /// <summary>Whether disks have an end that can be reached.</summary>
    public bool CanFill => _mounted.Count > 0;

    /// <summary>The folder that is a node's disk.</summary>
    public string Of(int node) => Path.Combine(_root, $"node-{node}");

    /// <summary>Takes all the room that is left.</summary>
    public void Fill(int node)
    {
        using FileStream file = new(Path.Combine(Of(node), Ballast), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[Block];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // That was the last free block.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free(int node) => File.Delete(Path.Combine(Of(node), Ballast));

    /// <summary>The disk is replaced by an empty one.</summary>
    public void Replace(int node)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(Of(node)))
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }

    public void Dispose()
    {
        foreach (string disk in _mounted)
        {
            Shell.TryRun("umount", "--lazy", disk);
        }

        Directory.Delete(_root, recursive: true);
    }
}
