using Samsa.Cluster.Tests.Nodes;

namespace Samsa.Cluster.Tests.Faults;

/// <summary>Does to nodes what a step says, and undoes it.</summary>
internal sealed class FaultInjector(TestCluster cluster)
{
    /// <summary>Whether that can be done here.</summary>
    public bool Can(FaultKind kind) => kind switch
    {
        FaultKind.Unplug or FaultKind.Cut or FaultKind.Mute or FaultKind.Slow => cluster.Network.HasLinks,
        FaultKind.Fill => cluster.Disks.CanFill,
        _ => true,
    };

    public async Task BeginAsync(FaultKind kind, IReadOnlyList<int> nodes)
    {
        foreach (int node in nodes)
        {
            switch (kind)
            {
                case FaultKind.Kill:
                    await cluster[node].KillAsync();
                    break;
                case FaultKind.Pause:
                    cluster[node].Pause();
                    break;
                case FaultKind.Restart:
                    await cluster[node].StopAsync();
                    break;
                case FaultKind.Unplug:
                    cluster.Network.Unplug(node);
                    break;
                case FaultKind.Slow:
                    cluster.Network.Slow(node);
                    break;
                case FaultKind.Fill:
                    cluster.Disks.Fill(node);
                    break;
                case FaultKind.Cut:
                    Cut(node, nodes);
                    break;
                case FaultKind.Mute:
                    Peers(node).ForEach(peer => cluster.Network.Lose(node, peer));
                    break;
            }
        }
    }

    /// <summary>Undoes everything; nodes that are down are started, all at once.</summary>
    public async Task EndAsync()
    {
        cluster.Network.Heal();
        foreach (ClusterNode node in cluster.Nodes)
        {
            if (cluster.Disks.CanFill)
            {
                cluster.Disks.Free(node.Id);
            }

            if (node.IsPaused)
            {
                node.Resume();
            }
        }

        await cluster.StartAllAsync();
    }

    /// <summary>Those who are cut off together still reach each other.</summary>
    private void Cut(int node, IReadOnlyList<int> together)
    {
        foreach (int peer in Peers(node).Where(p => !together.Contains(p) || together.Count == cluster.Nodes.Count))
        {
            cluster.Network.Lose(node, peer);
            cluster.Network.Lose(peer, node);
        }
    }

    private List<int> Peers(int node) => [.. cluster.Nodes.Select(n => n.Id).Where(id => id != node)];
}
