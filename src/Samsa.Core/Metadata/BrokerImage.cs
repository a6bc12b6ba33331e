using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>One registered broker as the metadata log describes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">Drawn anew at each start of its process.</param>
/// <param name="Epoch">The offset of its registration; stale requests of an earlier incarnation carry a lower one.</param>
/// <param name="Endpoints">Where clients and brokers reach it.</param>
/// <param name="Rack">Its failure domain (<c>broker.rack</c>), if set.</param>
/// <param name="Fenced">Whether it may neither lead nor be in sync.</param>
public sealed record BrokerImage(
    BrokerId Id,
    Guid Incarnation,
    long Epoch,
    IReadOnlyList<BrokerEndpoint> Endpoints,
    string? Rack,
    bool Fenced)
{
    /// <summary>Whether it is on its way out: it keeps answering, but gets no leadership and leaves its ISRs.</summary>
    public bool InControlledShutdown { get; init; }

    /// <summary>The range of levels of each feature that its software knows (KIP-584).</summary>
    public IReadOnlyList<BrokerFeature> Features { get; init; } = [];

    /// <summary>Its log directories that are online (KIP-858); empty where it never told.</summary>
    public Guid[] LogDirs { get; init; } = [];

    /// <summary>Whether it may lead, and be in sync.</summary>
    public bool IsActive => !Fenced && !InControlledShutdown;

    /// <summary>Where a new replica on it will lie, as far as anybody but the broker can know.</summary>
    public Guid DirectoryOfNewReplica => LogDirs.Length switch
    {
        0 => DirectoryId.Migrating,
        1 => LogDirs[0],
        _ => DirectoryId.Unassigned,
    };

    /// <summary>Whether a replica on it in that log directory is online.</summary>
    public bool HasOnline(Guid directory) =>
        DirectoryId.IsReserved(directory) ? directory != DirectoryId.Lost : LogDirs.Length == 0 || LogDirs.Contains(directory);

    /// <summary>The endpoint of a listener, or null where the broker does not have it.</summary>
    public BrokerEndpoint? EndpointOf(string listenerName)
    {
        foreach (var endpoint in Endpoints)
        {
            if (string.Equals(endpoint.ListenerName, listenerName, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return null;
    }
}

/// <summary>An address of a broker.</summary>
/// <param name="ListenerName">The listener, for example <c>PLAINTEXT</c>.</param>
/// <param name="Host">The advertised host.</param>
/// <param name="Port">The advertised port.</param>
/// <param name="SecurityProtocol">0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record BrokerEndpoint(string ListenerName, string Host, int Port, short SecurityProtocol);

/// <summary>A feature that a broker's software knows.</summary>
/// <param name="Name">The feature, for example <c>metadata.version</c>.</param>
/// <param name="MinLevel">The lowest level it can work at.</param>
/// <param name="MaxLevel">The highest.</param>
public readonly record struct BrokerFeature(string Name, short MinLevel, short MaxLevel);
