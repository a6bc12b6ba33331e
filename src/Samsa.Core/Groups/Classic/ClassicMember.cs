namespace Samsa.Core.Groups.Classic;

/// <summary>One member of a classic group.</summary>
internal sealed class ClassicMember
{
    /// <summary>Its id; a static member that comes back gets a new one.</summary>
    public required string Id { get; set; }

    /// <summary><c>group.instance.id</c> of a static member (KIP-345), or null.</summary>
    public string? InstanceId { get; init; }

    public required string ClientId { get; set; }

    public required string ClientHost { get; set; }

    public int RebalanceTimeoutMs { get; set; }

    public int SessionTimeoutMs { get; set; }

    /// <summary>The protocols it supports, the preferred one first, with its subscription for each.</summary>
    public (string Name, byte[] Metadata)[] Protocols { get; set; } = [];

    /// <summary>What the leader assigned to it.</summary>
    public byte[] Assignment { get; set; } = [];

    /// <summary>The JoinGroup that waits for the rebalance, or null.</summary>
    public (long Ticket, short Version)? Joining { get; set; }

    /// <summary>The SyncGroup that waits for the leader, or null.</summary>
    public (long Ticket, short Version)? Syncing { get; set; }

    /// <summary>Whether it waits for its first generation; such a member has longer, but not for ever.</summary>
    public bool IsNew { get; set; }

    /// <summary>When it is taken for dead.</summary>
    public long SessionDeadlineMs { get; set; }

    /// <summary>When somebody looks next whether that time has come.</summary>
    public long ReminderMs { get; set; } = long.MaxValue;

    /// <summary>Its subscription for a protocol; empty where it does not support that.</summary>
    public byte[] MetadataFor(string? protocol)
    {
        foreach (var (name, metadata) in Protocols)
        {
            if (name == protocol)
            {
                return metadata;
            }
        }

        return [];
    }

    /// <summary>Whether these are its protocols already, subscriptions included.</summary>
    public bool Matches((string Name, byte[] Metadata)[] protocols) =>
        Protocols.Length == protocols.Length
        && Protocols.Zip(protocols).All(p => p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));
}
