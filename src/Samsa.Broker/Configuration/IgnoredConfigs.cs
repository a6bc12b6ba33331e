namespace Samsa.Broker.Configuration;

/// <summary>Settings of Kafka that mean nothing outside its own process: accepted, checked, shown, and named in one warning.</summary>
public static class IgnoredConfigs
{
    private static readonly ConfigTable Table = new();

    private const string Jvm = "names a JVM class or setting";

    private const string NoPool = "Samsa has no pool of this kind";

    private const string NoPurgatory = "Samsa has no purgatory to sweep";

    /// <summary><c>alter.config.policy.class.name</c></summary>
    public static readonly ConfigKey<string?> AlterConfigPolicyClassName = Table.Add(new ConfigKey<string?>("alter.config.policy.class.name", null)
    {
        Type = ConfigType.Class, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Class that can reject config changes.",
    });

    /// <summary><c>background.threads</c></summary>
    public static readonly ConfigKey<int> BackgroundThreads = Table.Add(new ConfigKey<int>("background.threads", 10)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Threads for scheduled background work.",
    });

    /// <summary><c>client.quota.callback.class</c></summary>
    public static readonly ConfigKey<string?> ClientQuotaCallbackClass = Table.Add(new ConfigKey<string?>("client.quota.callback.class", null)
    {
        Type = ConfigType.Class, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Class that decides client quota limits.",
    });

    /// <summary><c>config.providers</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ConfigProviders = Table.Add(new ConfigKey<IReadOnlyList<string>>("config.providers", [])
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Aliases of classes that resolve indirect config values.",
    });

    /// <summary><c>create.topic.policy.class.name</c></summary>
    public static readonly ConfigKey<string?> CreateTopicPolicyClassName = Table.Add(new ConfigKey<string?>("create.topic.policy.class.name", null)
    {
        Type = ConfigType.Class, Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Class that can reject topic creation.",
    });

    /// <summary><c>delete.records.purgatory.purge.interval.requests</c></summary>
    public static readonly ConfigKey<int> DeleteRecordsPurgatoryPurgeIntervalRequests = Table.Add(new ConfigKey<int>("delete.records.purgatory.purge.interval.requests", 1)
    {
        Ignored = NoPurgatory,
        Doc = "Completed requests before the delete-records purgatory is cleaned.",
    });

    /// <summary><c>fetch.purgatory.purge.interval.requests</c></summary>
    public static readonly ConfigKey<int> FetchPurgatoryPurgeIntervalRequests = Table.Add(new ConfigKey<int>("fetch.purgatory.purge.interval.requests", 1000)
    {
        Ignored = NoPurgatory,
        Doc = "Completed requests before the fetch purgatory is cleaned.",
    });

    /// <summary><c>group.coordinator.background.threads</c></summary>
    public static readonly ConfigKey<int> GroupCoordinatorBackgroundThreads = Table.Add(new ConfigKey<int>("group.coordinator.background.threads", 2)
    {
        Min = 1, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Threads for coordinator background work such as regex resolution.",
    });

    /// <summary><c>group.coordinator.threads</c></summary>
    public static readonly ConfigKey<int> GroupCoordinatorThreads = Table.Add(new ConfigKey<int>("group.coordinator.threads", 4)
    {
        Min = 1, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Threads running the group coordinator.",
    });

    /// <summary><c>kafka.metrics.polling.interval.secs</c></summary>
    public static readonly ConfigKey<int> KafkaMetricsPollingIntervalSecs = Table.Add(new ConfigKey<int>("kafka.metrics.polling.interval.secs", 10)
    {
        Min = 1, Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Polling period of legacy metrics reporters.",
    });

    /// <summary><c>kafka.metrics.reporters</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> KafkaMetricsReporters = Table.Add(new ConfigKey<IReadOnlyList<string>>("kafka.metrics.reporters", [])
    {
        Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Legacy metrics reporter classes.",
    });

    /// <summary><c>metric.reporters</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> MetricReporters = Table.Add(new ConfigKey<IReadOnlyList<string>>("metric.reporters", [])
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Metrics reporter classes.",
    });

    /// <summary><c>metrics.num.samples</c></summary>
    public static readonly ConfigKey<int> MetricsNumSamples = Table.Add(new ConfigKey<int>("metrics.num.samples", 2)
    {
        Min = 1, Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Samples kept per metric.",
    });

    /// <summary><c>metrics.recording.level</c></summary>
    public static readonly ConfigKey<string> MetricsRecordingLevel = Table.Add(new ConfigKey<string>("metrics.recording.level", "INFO")
    {
        Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Most detailed metric level recorded.",
    });

    /// <summary><c>metrics.sample.window.ms</c></summary>
    public static readonly ConfigKey<long> MetricsSampleWindowMs = Table.Add(new ConfigKey<long>("metrics.sample.window.ms", 30_000)
    {
        Min = 1, Importance = ConfigImportance.Low, Ignored = "metrics are served on samsa.admin.listener",
        Doc = "Time window of a metric sample.",
    });

    /// <summary><c>num.io.threads</c></summary>
    public static readonly ConfigKey<int> NumIoThreads = Table.Add(new ConfigKey<int>("num.io.threads", 8)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Threads that process requests.",
    });

    /// <summary><c>num.network.threads</c></summary>
    public static readonly ConfigKey<int> NumNetworkThreads = Table.Add(new ConfigKey<int>("num.network.threads", 3)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Network threads per listener.",
    });

    /// <summary><c>num.replica.alter.log.dirs.threads</c></summary>
    public static readonly ConfigKey<int?> NumReplicaAlterLogDirsThreads = Table.Add(new ConfigKey<int?>("num.replica.alter.log.dirs.threads", null)
    {
        Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Threads that move replicas between directories.",
    });

    /// <summary><c>principal.builder.class</c></summary>
    public static readonly ConfigKey<string> PrincipalBuilderClass = Table.Add(new ConfigKey<string>("principal.builder.class", "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder")
    {
        Type = ConfigType.Class, Scope = ConfigScope.PerBroker, Ignored = Jvm,
        Doc = "Class that derives the principal of a connection.",
    });

    /// <summary><c>producer.purgatory.purge.interval.requests</c></summary>
    public static readonly ConfigKey<int> ProducerPurgatoryPurgeIntervalRequests = Table.Add(new ConfigKey<int>("producer.purgatory.purge.interval.requests", 1000)
    {
        Ignored = NoPurgatory,
        Doc = "Completed requests before the produce purgatory is cleaned.",
    });

    /// <summary><c>queued.max.requests</c></summary>
    public static readonly ConfigKey<int> QueuedMaxRequests = Table.Add(new ConfigKey<int>("queued.max.requests", 500)
    {
        Min = 1, Importance = ConfigImportance.High, Ignored = NoPool,
        Doc = "Queued requests before network threads stop reading.",
    });

    /// <summary><c>security.providers</c></summary>
    public static readonly ConfigKey<string?> SecurityProviders = Table.Add(new ConfigKey<string?>("security.providers", null)
    {
        Importance = ConfigImportance.Low, Ignored = Jvm,
        Doc = "Security provider creator classes.",
    });

    /// <summary><c>share.coordinator.threads</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorThreads = Table.Add(new ConfigKey<int>("share.coordinator.threads", 1)
    {
        Min = 1, Ignored = NoPool,
        Doc = "Threads running the share coordinator.",
    });

    /// <summary><c>share.fetch.purgatory.purge.interval.requests</c></summary>
    public static readonly ConfigKey<int> ShareFetchPurgatoryPurgeIntervalRequests = Table.Add(new ConfigKey<int>("share.fetch.purgatory.purge.interval.requests", 1000)
    {
        Ignored = NoPurgatory,
        Doc = "Completed requests before the share fetch purgatory is cleaned.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
