using Samsa.Broker.Configuration;
using Samsa.Broker.Coordinators;
using Samsa.Broker.Fetching;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Peers;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Storage;

namespace Samsa.Broker;

/// <summary>What the handlers of a broker stand on; those that decide about the cluster have <see cref="ControllerServices"/>.</summary>
internal sealed record BrokerServices
{
    public required BrokerMetrics Metrics { get; init; }

    public required PartitionRegistry Partitions { get; init; }

    public required MetadataState Metadata { get; init; }

    public required ClusterView Cluster { get; init; }

    public required TopicCreator Topics { get; init; }

    public required GroupCoordinator Groups { get; init; }

    public required CurrentConfig Configs { get; init; }

    public required LogStore Store { get; init; }

    public required ProducerIds ProducerIds { get; init; }

    public required FetchSessions FetchSessions { get; init; }

    public required FetchLimits FetchLimits { get; init; }

    public required ReplicaReads ReplicaReads { get; init; }

    public required ClientQuotas Quotas { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary><c>auto.create.topics.enable</c>.</summary>
    public required bool AutoCreateTopics { get; init; }

    /// <summary>What the controller's part of the process has; its handlers serve where it is the active one.</summary>
    public required ControllerServices Control { get; init; }

    /// <summary>The way to the active controller for what the broker itself wants.</summary>
    public required IControllerChannel Channel { get; init; }

    /// <summary>The way there for what clients want.</summary>
    public required Forwarding Forwarding { get; init; }
}
