namespace Samsa.Broker.Configuration;

/// <summary>The checks that take more than one setting.</summary>
internal static class ConfigChecks
{
    /// <summary>Everything that doesn't fit together.</summary>
    public static List<ConfigError> FindErrors(BrokerConfig config)
    {
        var errors = new List<ConfigError>();
        AtMost(config, errors, GroupConfigs.MinSessionTimeoutMs, GroupConfigs.MaxSessionTimeoutMs);
        Between(config, errors, GroupConfigs.ConsumerMinSessionTimeoutMs, GroupConfigs.ConsumerSessionTimeoutMs, GroupConfigs.ConsumerMaxSessionTimeoutMs);
        Between(config, errors, GroupConfigs.ConsumerMinHeartbeatIntervalMs, GroupConfigs.ConsumerHeartbeatIntervalMs, GroupConfigs.ConsumerMaxHeartbeatIntervalMs);
        Between(config, errors, ShareGroupConfigs.MinSessionTimeoutMs, ShareGroupConfigs.SessionTimeoutMs, ShareGroupConfigs.MaxSessionTimeoutMs);
        Between(config, errors, StreamsGroupConfigs.MinSessionTimeoutMs, StreamsGroupConfigs.SessionTimeoutMs, StreamsGroupConfigs.MaxSessionTimeoutMs);
        AtMost(config, errors, ReplicationConfigs.ReplicaFetchWaitMaxMs, ReplicationConfigs.ReplicaLagTimeMaxMs);
        AtMost(config, errors, TransactionConfigs.AddPartitionsToTxnRetryBackoffMs, TransactionConfigs.AddPartitionsToTxnRetryBackoffMaxMs);
        AtMost(config, errors, NodeConfigs.BrokerHeartbeatIntervalMs, NodeConfigs.BrokerSessionTimeoutMs);
        AtMost(config, errors, LogCleanerConfigs.MinCompactionLagMs, LogCleanerConfigs.MaxCompactionLagMs);
        CheckDirectories(config, errors);
        errors.AddRange(QuorumPlan.FindErrors(config));
        return errors;
    }

    private static void Between(BrokerConfig config, List<ConfigError> errors, ConfigKey<int> min, ConfigKey<int> value, ConfigKey<int> max)
    {
        AtMost(config, errors, min, max);
        AtMost(config, errors, min, value);
        AtMost(config, errors, value, max);
    }

    private static void AtMost<TSmall, TLarge>(BrokerConfig config, List<ConfigError> errors, ConfigKey<TSmall> small, ConfigKey<TLarge> large)
    {
        var low = Convert.ToInt64(config.Get(small));
        var high = Convert.ToInt64(config.Get(large));
        if (low <= high)
        {
            return;
        }

        // The one that was given is the one to complain about.
        errors.Add(config.IsGiven(small)
            ? Error(config, small, low, $"must not be greater than {large} = {high}")
            : Error(config, large, high, $"must not be less than {small} = {low}"));
    }

    private static void CheckDirectories(BrokerConfig config, List<ConfigError> errors)
    {
        foreach (var cordoned in config.Get(LogConfigs.CordonedLogDirs))
        {
            if (cordoned != "*" && !config.LogDirs.Contains(cordoned, StringComparer.Ordinal))
            {
                errors.Add(Error(config, LogConfigs.CordonedLogDirs, cordoned, $"'{cordoned}' is not one of log.dirs"));
            }
        }
    }

    private static ConfigError Error(BrokerConfig config, ConfigKey key, object value, string problem) =>
        new(key.Name, value.ToString(), config.OriginOf(key), problem, "", null);
}
