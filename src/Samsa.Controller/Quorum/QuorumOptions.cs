using System.Net;
using Samsa.Model;

namespace Samsa.Controller.Quorum;

/// <summary>The voters of a metadata log that several nodes agree on, and how they do.</summary>
public sealed record QuorumOptions
{
    /// <summary>This node's log.</summary>
    public required LocalMetadataLogOptions Log { get; init; }

    /// <summary>Where each voter speaks Raft, this node among them. All voters have the same list.</summary>
    public required IReadOnlyDictionary<BrokerId, EndPoint> Voters { get; init; }

    /// <summary>Where this node binds.</summary>
    public required IPEndPoint Bind { get; init; }

    /// <summary>The shortest time without a leader after which an election begins.</summary>
    public TimeSpan LowerElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>The longest such time.</summary>
    public TimeSpan UpperElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1200);

    /// <summary>
    /// Timeout of one Raft request. Elections wait for every peer, so it must stay below the lower election timeout; and far above a
    /// sync to disk.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMilliseconds(450);

    /// <summary>Timeout of connecting.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the leader has the others compare their state with its own.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(30);
}
