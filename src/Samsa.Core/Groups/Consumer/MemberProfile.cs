using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>What a member told about itself. Immutable; a change is a new record.</summary>
internal sealed record MemberProfile
{
    /// <summary><c>group.instance.id</c> of a static member (KIP-345), or null.</summary>
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>Topics by name, in order.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Topics by regular expression; empty for none.</summary>
    public string Regex { get; init; } = "";

    /// <summary>How long it may take to give partitions up; -1 where it did not say.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>The assignor it prefers, or null.</summary>
    public string? Assignor { get; init; }

    /// <summary>What a member of the classic protocol brought along; null for the new protocol.</summary>
    public ClassicProfile? Classic { get; init; }

    public static MemberProfile From(ConsumerGroupMemberMetadataValue value) => new()
    {
        InstanceId = value.InstanceId,
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        Topics = value.SubscribedTopicNames,
        Regex = value.SubscribedTopicRegex ?? "",
        RebalanceTimeoutMs = value.RebalanceTimeoutMs,
        Assignor = value.ServerAssignor,
        Classic = value.ClassicMemberMetadata is { } classic
            ? new ClassicProfile(classic.SessionTimeoutMs, [.. classic.SupportedProtocols.Select(p => (p.Name, p.Metadata.ToArray()))])
            : null,
    };

    public bool IsSubscribedLike(MemberProfile other) => Regex == other.Regex && Topics.SequenceEqual(other.Topics, StringComparer.Ordinal);

    public bool IsSameAs(MemberProfile other) =>
        IsSubscribedLike(other)
        && (InstanceId, RackId, ClientId, ClientHost, RebalanceTimeoutMs, Assignor)
            == (other.InstanceId, other.RackId, other.ClientId, other.ClientHost, other.RebalanceTimeoutMs, other.Assignor)
        && (Classic is null ? other.Classic is null : other.Classic is not null && Classic.IsSameAs(other.Classic));

    public ConsumerGroupMemberMetadataValue ToRecord() => new()
    {
        InstanceId = InstanceId,
        RackId = RackId,
        ClientId = ClientId,
        ClientHost = ClientHost,
        SubscribedTopicNames = [.. Topics],
        SubscribedTopicRegex = Regex,
        RebalanceTimeoutMs = RebalanceTimeoutMs,
        ServerAssignor = Assignor,
        ClassicMemberMetadata = Classic is null ? null : new()
        {
            SessionTimeoutMs = Classic.SessionTimeoutMs,
            SupportedProtocols =
            [
                .. Classic.Protocols.Select(p => new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = p.Name, Metadata = p.Metadata }),
            ],
        },
    };
}

/// <summary>The classic side of a member that came by JoinGroup.</summary>
/// <param name="SessionTimeoutMs">The session timeout it asked for.</param>
/// <param name="Protocols">Its protocols, the preferred one first, with its subscription for each.</param>
internal sealed record ClassicProfile(int SessionTimeoutMs, (string Name, byte[] Metadata)[] Protocols)
{
    public bool IsSameAs(ClassicProfile other) =>
        SessionTimeoutMs == other.SessionTimeoutMs
        && Protocols.Length == other.Protocols.Length
        && Protocols.Zip(other.Protocols).All(p => p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));
}
