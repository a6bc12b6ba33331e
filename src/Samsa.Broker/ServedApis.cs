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
            ServedApi.Range(ApiKey.Produce, 3, 13, new Produce(s.Partitions, s.Metadata, s.Metrics), advertisedMinVersion: 0, nextMayStart: true),
            ServedApi.All(ApiKey.Fetch, new Fetch(s.Partitions, s.Metadata, s.FetchSessions, s.FetchLimits, s.Time)),
            ServedApi.All(ApiKey.ListOffsets, new ListOffsets(s.Partitions)),
            ServedApi.All(ApiKey.Metadata, new Apis.Metadata(s.Cluster, s.Topics, s.AutoCreateTopics)),
            ServedApi.All(ApiKey.FindCoordinator, new FindCoordinator()),
            ServedApi.All(ApiKey.ApiVersions, new ApiVersions(() => table!, s.Metadata)),
            ServedApi.All(ApiKey.CreateTopics, new CreateTopics(s.Topics, s.Configs)),
            ServedApi.All(ApiKey.DeleteTopics, new DeleteTopics(s.Controller, s.DeleteTopics)),
            ServedApi.All(ApiKey.InitProducerId, new InitProducerId(s.ProducerIds)),
            ServedApi.All(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpoch(s.Partitions)),
            ServedApi.All(ApiKey.DescribeConfigs, new DescribeConfigs(s.Cluster, s.Configs)),
            ServedApi.All(ApiKey.DescribeCluster, new DescribeCluster(s.Cluster)),
        ]);
        return table;
    }
}
