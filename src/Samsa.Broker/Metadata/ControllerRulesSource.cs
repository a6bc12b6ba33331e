using System.Globalization;
using Samsa.Broker.Configuration;
using Samsa.Core.Metadata;

namespace Samsa.Broker.Metadata;

/// <summary>What the settings of a node mean to the controller's decisions.</summary>
internal static class ControllerRulesSource
{
    /// <summary>The rules.</summary>
    /// <param name="current">The node's settings.</param>
    /// <param name="clusterId">The cluster's id.</param>
    public static ControllerRules Of(CurrentConfig current, string clusterId)
    {
        var config = current.AtStart;
        return new ControllerRules
        {
            ClusterId = clusterId,
            TopicRulesOf = (image, topic) => TopicRulesOf(current.Broker, image, topic),
            SessionTimeoutMs = config.Get(NodeConfigs.BrokerSessionTimeoutMs),
            ReturnMs = config.Get(SamsaConfigs.BrokerReturnMs),
            RebalanceIntervalMs = config.Get(ReplicationConfigs.AutoLeaderRebalanceEnable)
                ? config.Get(ReplicationConfigs.LeaderImbalanceCheckIntervalSeconds) * 1000
                : null,
            MinInSyncReplicasIsGiven = config.IsGiven(LogConfigs.MinInsyncReplicas),
        };
    }

    private static TopicRules TopicRulesOf(BrokerConfig config, MetadataImage image, string topic)
    {
        var own = image.ConfigsOf(ConfigResource.Topic(topic));
        var minInSync = own.TryGetValue(TopicConfigs.MinInsyncReplicas.Name, out var number)
            && int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : config.Get(LogConfigs.MinInsyncReplicas);
        var allowsUnclean = own.TryGetValue(TopicConfigs.UncleanLeaderElectionEnable.Name, out var text) && bool.TryParse(text, out var flag)
            ? flag
            : config.Get(LogConfigs.UncleanLeaderElectionEnable);
        return new TopicRules(minInSync, allowsUnclean);
    }
}
