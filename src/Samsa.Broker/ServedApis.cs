using Samsa.Broker.Apis;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker;

/// <summary>Which APIs a broker serves, in which versions: the one place that says so. ApiVersions is derived from it.</summary>
internal static class ServedApis
{
    /// <summary>Puts the handlers together.</summary>
    public static ApiTable Table(BrokerServices services)
    {
        ApiTable? table = null;
        var s = services;
        table = new ApiTable(
        [
            // librdkafka wants Produce 0 to 2 advertised although nobody serves them any more (KAFKA-18659).
            ServedApi.Range(ApiKey.Produce, 3, 13, new Produce(s.Partitions, s.Metadata, s.Metrics, s.Quotas), advertisedMinVersion: 0, nextMayStart: true),
            ServedApi.All(ApiKey.Fetch, new Fetch(s.Partitions, s.Metadata, s.FetchSessions, s.FetchLimits, s.Quotas, s.Time)),
            ServedApi.All(ApiKey.ListOffsets, new ListOffsets(s.Partitions)),
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
            ServedApi.All(ApiKey.ApiVersions, new ApiVersions(() => table!, s.Metadata)),
            ServedApi.All(ApiKey.CreateTopics, new CreateTopics(s.Topics, s.Configs, s.Quotas)),
            ServedApi.All(ApiKey.DeleteTopics, new DeleteTopics(s.Controller, s.Quotas, s.DeleteTopics)),
            ServedApi.All(ApiKey.InitProducerId, new InitProducerId(s.ProducerIds)),
            ServedApi.All(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpoch(s.Partitions)),
            ServedApi.All(ApiKey.DescribeConfigs, new DescribeConfigs(s.Cluster, s.Configs)),
            ServedApi.All(ApiKey.DescribeCluster, new DescribeCluster(s.Cluster)),
            ServedApi.All(ApiKey.DescribeClientQuotas, new DescribeClientQuotas(s.Metadata)),
            ServedApi.All(ApiKey.AlterClientQuotas, new AlterClientQuotas(s.Controller)),
        ]);
        return table;
    }
}
