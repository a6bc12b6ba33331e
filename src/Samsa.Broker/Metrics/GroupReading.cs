namespace Samsa.Broker.Metrics;

/// <summary>The groups that a broker coordinates.</summary>
public sealed record GroupReading
{
    /// <summary>No groups.</summary>
    public static GroupReading None { get; } = new();

    /// <summary>How many there are, by kind (<c>classic</c>, <c>consumer</c>) and state as ListGroups names them.</summary>
    public IReadOnlyDictionary<(string Kind, string State), int> Counts { get; init; } = new Dictionary<(string Kind, string State), int>();

    /// <summary>Members of all of them.</summary>
    public long Members { get; init; }

    /// <summary>Positions that they have committed and that are kept.</summary>
    public long Offsets { get; init; }

    /// <summary>Partitions of <c>__consumer_offsets</c> whose groups are not served yet: they are being read.</summary>
    public int Loading { get; init; }

    /// <summary>How often, since the start, a group began to share its work anew.</summary>
    public long Rebalances { get; init; }

    /// <summary>Positions committed since the start.</summary>
    public long Commits { get; init; }

    /// <summary>Positions that expired or were deleted since the start.</summary>
    public long Removals { get; init; }
}
