using System.Net;
using DotNext.Buffers;
using DotNext.Net;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Samsa.Controller.Quorum;

/// <summary>The voters as the library wants to be told of them: from the settings, and never from its log.</summary>
internal sealed class StaticVoters : InMemoryClusterConfigurationStorage<EndPoint>
{
    /// <summary>All voters, this node among them.</summary>
    public StaticVoters(IEnumerable<EndPoint> voters)
    {
        var members = CreateInitialConfigurationBuilder();
        foreach (var voter in voters)
        {
            members.Add(voter);
        }

        members.Build();
    }

    /// <inheritdoc/>
    protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> output) => output.WriteEndPoint(address);

    /// <inheritdoc/>
    protected override EndPoint Decode(ref SequenceReader reader) => reader.ReadEndPoint();
}
