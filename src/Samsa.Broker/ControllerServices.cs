using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Quotas;

namespace Samsa.Broker;

/// <summary>What the handlers stand on that decide about the cluster: they run where the active controller is, broker or not.</summary>
internal sealed record ControllerServices
{
    public required BrokerMetrics Metrics { get; init; }

    public required MetadataState Metadata { get; init; }

    public required MetadataController Controller { get; init; }

    public required ClusterView Cluster { get; init; }

    public required TopicDecisions Topics { get; init; }

    public required CurrentConfig Configs { get; init; }

    public required ConfigAlterer ConfigAlterer { get; init; }

    public required BrokerLoggers Loggers { get; init; }

    public required ClientQuotas Quotas { get; init; }

    public required IQuorumView Quorum { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>What brokers follow; null on a node without the controller's role.</summary>
    public required MetadataFollowing? Following { get; init; }

    /// <summary><c>delete.topic.enable</c>.</summary>
    public required bool DeleteTopics { get; init; }
}
