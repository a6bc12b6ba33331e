using Samsa.Broker.Apis;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker;

/// <summary>
/// Which APIs are served, in which versions, and where: the one place that says so. ApiVersions is derived from it. A request that changes
/// the cluster (<see cref="Changes"/>) is taken by any broker and served by the active controller.
/// </summary>
internal static class ServedApis
{
    /// <summary>What a broker serves on its listeners.</summary>
    public static ApiTable Broker(BrokerServices services)
    {
        ApiTable? table = null;
        var s = services;
        table = new ApiTable(
        [
            // librdkafka wants Produce 0 to 2 advertised although nobody serves them any more (KAFKA-18659).
            ServedApi.Range(ApiKey.Produce, 3, 13, new Produce(s.Partitions, s.Metadata, s.Metrics, s.Quotas), advertisedMinVersion: 0, nextMayStart: true),
            ServedApi.All(ApiKey.Fetch, new Fetch(s.Partitions, s.Metadata, s.FetchSessions, s.FetchLimits, s.ReplicaReads, s.Quotas, s.Time)),
            ServedApi.All(ApiKey.ListOffsets, new ListOffsets(s.Partitions, s.Metadata)),
            ServedApi.All(ApiKey.Metadata, new Apis.Metadata(s.Cluster, s.Topics, s.AutoCreateTopics)),
            ServedApi.All(ApiKey.FindCoordinator, new FindCoordinator(s.Groups, s.Cluster)),
            ServedApi.All(ApiKey.OffsetCommit, new OffsetCommit(s.Groups, s.Metadata)),
            ServedApi.All(ApiKey.OffsetFetch, new OffsetFetch(s.Groups)),
            ServedApi.All(ApiKey.JoinGroup, new JoinGroup(s.Groups)),
            ServedApi.All(ApiKey.Heartbeat, new Heartbeat(s.Groups)),
            ServedApi.All(ApiKey.LeaveGroup, new LeaveGroup(s.Groups)),
            ServedApi.All(ApiKey.SyncGroup, new SyncGroup(s.Groups)),
            ServedApi.All(ApiKey.DescribeGroups, new DescribeGroups(s.Groups)),
            ServedApi.All(ApiKey.ListGroups, new ListGroups(s.Groups)),
            ServedApi.All(ApiKey.DeleteGroups, new DeleteGroups(s.Groups)),
            ServedApi.All(ApiKey.OffsetDelete, new OffsetDelete(s.Groups)),
            ServedApi.All(ApiKey.ConsumerGroupHeartbeat, new ConsumerGroupHeartbeat(s.Groups)),
            ServedApi.All(ApiKey.ConsumerGroupDescribe, new ConsumerGroupDescribe(s.Groups)),
            ServedApi.All(ApiKey.ApiVersions, new ApiVersions(() => table!, s.Metadata)),
            ServedApi.All(ApiKey.DeleteRecords, new DeleteRecords(s.Partitions, s.Store)),
            ServedApi.All(ApiKey.InitProducerId, new InitProducerId(s.ProducerIds)),
            ServedApi.All(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpoch(s.Partitions, s.Metadata)),
            ServedApi.All(ApiKey.DescribeConfigs, new DescribeConfigs(s.Cluster, s.Configs, s.Control.Loggers)),
            ServedApi.All(ApiKey.AlterReplicaLogDirs, new AlterReplicaLogDirs(s.Store, s.Metadata)),
            ServedApi.All(ApiKey.DescribeLogDirs, new DescribeLogDirs(s.Store, s.Partitions)),
            ServedApi.All(ApiKey.DescribeProducers, new DescribeProducers(s.Partitions)),
            ServedApi.All(ApiKey.ListConfigResources, new ListConfigResources(s.Cluster)),
            ServedApi.All(ApiKey.DescribeTopicPartitions, new DescribeTopicPartitions(s.Cluster, s.Configs)),
            ServedApi.All(ApiKey.DescribeCluster, new DescribeCluster(s.Cluster)),
            ServedApi.All(ApiKey.DescribeClientQuotas, new DescribeClientQuotas(s.Metadata)),
            .. Changes(s.Control).Select(a => a.Forwarded(s.Forwarding)),
        ]);
        return table;
    }

    /// <summary>What a controller serves on its listeners.</summary>
    public static ApiTable Controller(ControllerServices services)
    {
        ApiTable? table = null;
        var s = services;
        ServedApi[] changes = [.. Changes(s)];
        ServedApi[] active =
        [
            .. changes,
            ServedApi.All(ApiKey.Envelope, new Envelope(new ApiTable(changes))),
            ServedApi.All(ApiKey.AllocateProducerIds, new AllocateProducerIds(s.Controller)),
            ServedApi.All(ApiKey.BrokerRegistration, new BrokerRegistration(s.Controller)),
            ServedApi.All(ApiKey.BrokerHeartbeat, new BrokerHeartbeat(s.Controller)),
            ServedApi.All(ApiKey.AlterPartition, new AlterPartition(s.Controller)),
            ServedApi.All(ApiKey.AssignReplicasToDirs, new AssignReplicasToDirs(s.Controller)),
        ];
        table = new ApiTable(
        [
            ServedApi.All(ApiKey.ApiVersions, new ApiVersions(() => table!, s.Metadata)),
            .. active.Select(a => a.WhereActive(() => s.Controller.IsActive)),
            .. s.Following is { } following ? Following(following) : [],
        ]);
        return table;
    }

    /// <summary>What brokers follow the metadata log with. A controller that is not active answers too, and names the one that is.</summary>
    private static IEnumerable<ServedApi> Following(MetadataFollowing following) =>
    [
        ServedApi.Range(ApiKey.Fetch, 12, 18, new MetadataFetch(following)),
        ServedApi.All(ApiKey.FetchSnapshot, new FetchSnapshot(following)),
    ];

    /// <summary>What changes the cluster: decided by the active controller, asked for by clients of any broker.</summary>
    private static IEnumerable<ServedApi> Changes(ControllerServices s) =>
    [
        ServedApi.All(ApiKey.CreateTopics, new CreateTopics(s.Topics, s.Configs, s.Quotas)),
        ServedApi.All(ApiKey.DeleteTopics, new DeleteTopics(s.Controller, s.Quotas, s.DeleteTopics)),
        ServedApi.All(ApiKey.AlterConfigs, new AlterConfigs(s.ConfigAlterer)),
        ServedApi.All(ApiKey.CreatePartitions, new CreatePartitions(s.Controller, s.Quotas)),
        ServedApi.All(ApiKey.IncrementalAlterConfigs, new IncrementalAlterConfigs(s.ConfigAlterer, s.Loggers), IncrementalAlterConfigs.IsOfLoggers),
        ServedApi.All(ApiKey.UpdateFeatures, new UpdateFeatures(s.Controller)),
        ServedApi.All(ApiKey.AlterClientQuotas, new AlterClientQuotas(s.Controller)),
        ServedApi.All(ApiKey.ElectLeaders, new ElectLeaders(s.Controller)),
        ServedApi.All(ApiKey.AlterPartitionReassignments, new AlterPartitionReassignments(s.Controller)),
        ServedApi.All(ApiKey.ListPartitionReassignments, new ListPartitionReassignments(s.Metadata)),
        ServedApi.All(ApiKey.UnregisterBroker, new UnregisterBroker(s.Controller)),
        ServedApi.All(ApiKey.DescribeQuorum, new DescribeQuorum(s.Quorum)),
    ];
}
