namespace Samsa.Cluster.Tests.Network;

/// <summary>All nodes on this machine's loopback: they can die and stand still, and their links are always whole.</summary>
internal sealed class LoopbackNetwork : IClusterNetwork
{
    public bool HasLinks => false;

    public string Description => "loopback";

    public string HostOf(int node) => "127.0.0.1";

    public IReadOnlyList<string> RunBy(int node) => [];

    public void Unplug(int node) => throw new NotSupportedException();

    public void Lose(int from, int to) => throw new NotSupportedException();

    public void Slow(int node) => throw new NotSupportedException();

    public void Heal()
    {
    }

    public void Dispose()
    {
    }
}
