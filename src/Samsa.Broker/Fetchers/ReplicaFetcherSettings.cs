using Samsa.Broker.Configuration;
using Samsa.Model;

namespace Samsa.Broker.Fetchers;

/// <summary>How replicas are fetched.</summary>
internal sealed record ReplicaFetcherSettings
{
    /// <summary>This broker.</summary>
    public required BrokerId Self { get; init; }

    /// <summary>The epoch under which it is registered.</summary>
    public required Func<long> BrokerEpoch { get; init; }

    /// <summary>The listener by which brokers reach each other.</summary>
    public required string Listener { get; init; }

    /// <summary><c>num.replica.fetchers</c>: connections per leader.</summary>
    public required int FetchersPerLeader { get; init; }

    /// <summary><c>replica.fetch.wait.max.ms</c></summary>
    public required int MaxWaitMs { get; init; }

    /// <summary><c>replica.fetch.min.bytes</c></summary>
    public required int MinBytes { get; init; }

    /// <summary><c>replica.fetch.response.max.bytes</c></summary>
    public required int MaxBytes { get; init; }

    /// <summary><c>replica.fetch.max.bytes</c></summary>
    public required int MaxPartitionBytes { get; init; }

    /// <summary><c>replica.fetch.backoff.ms</c></summary>
    public required TimeSpan Backoff { get; init; }

    /// <summary><c>replica.socket.timeout.ms</c></summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Takes them from the broker's settings.</summary>
    public static ReplicaFetcherSettings From(BrokerConfig config, Func<long> brokerEpoch) => new()
    {
        Self = config.NodeId,
        BrokerEpoch = brokerEpoch,
        Listener = config.InterBrokerListenerName,
        FetchersPerLeader = config.Get(ReplicationConfigs.NumReplicaFetchers),
        MaxWaitMs = config.Get(ReplicationConfigs.ReplicaFetchWaitMaxMs),
        MinBytes = config.Get(ReplicationConfigs.ReplicaFetchMinBytes),
        MaxBytes = config.Get(ReplicationConfigs.ReplicaFetchResponseMaxBytes),
        MaxPartitionBytes = config.Get(ReplicationConfigs.ReplicaFetchMaxBytes),
        Backoff = TimeSpan.FromMilliseconds(config.Get(ReplicationConfigs.ReplicaFetchBackoffMs)),
        Timeout = TimeSpan.FromMilliseconds(config.Get(ReplicationConfigs.ReplicaSocketTimeoutMs)),
    };
}
