namespace Samsa.Broker.Configuration;

/// <summary>The metadata log and the controller quorum.</summary>
public static class MetadataConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>controller.quorum.append.linger.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumAppendLingerMs = Table.Add(new ConfigKey<int>("controller.quorum.append.linger.ms", 25)
    {
        Min = 0,
        Doc = "Time the leader waits to batch metadata appends before flushing.",
    });

    /// <summary><c>controller.quorum.auto.join.enable</c></summary>
    public static readonly ConfigKey<bool> ControllerQuorumAutoJoinEnable = Table.Add(new ConfigKey<bool>("controller.quorum.auto.join.enable", false)
    {
        Importance = ConfigImportance.Low,
        Doc = "Let a new controller add itself to the voter set.",
    });

    /// <summary><c>controller.quorum.bootstrap.servers</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ControllerQuorumBootstrapServers = Table.Add(new ConfigKey<IReadOnlyList<string>>("controller.quorum.bootstrap.servers", [])
    {
        Importance = ConfigImportance.High,
        Doc = "Endpoints used to find the dynamic controller quorum.",
    });

    /// <summary><c>controller.quorum.election.backoff.max.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumElectionBackoffMaxMs = Table.Add(new ConfigKey<int>("controller.quorum.election.backoff.max.ms", 1000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Upper bound of random backoff between elections.",
    });

    /// <summary><c>controller.quorum.election.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumElectionTimeoutMs = Table.Add(new ConfigKey<int>("controller.quorum.election.timeout.ms", 1000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Time without a fetched leader before starting an election.",
    });

    /// <summary><c>controller.quorum.fetch.max.bytes</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumFetchMaxBytes = Table.Add(new ConfigKey<int>("controller.quorum.fetch.max.bytes", 1_048_576)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Maximum bytes in a quorum fetch.",
    });

    /// <summary><c>controller.quorum.fetch.snapshot.max.bytes</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumFetchSnapshotMaxBytes = Table.Add(new ConfigKey<int>("controller.quorum.fetch.snapshot.max.bytes", 1_048_576)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Maximum bytes in one quorum snapshot fetch.",
    });

    /// <summary><c>controller.quorum.fetch.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumFetchTimeoutMs = Table.Add(new ConfigKey<int>("controller.quorum.fetch.timeout.ms", 2000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Time without successful fetch before a follower seeks a new leader.",
    });

    /// <summary><c>controller.quorum.request.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumRequestTimeoutMs = Table.Add(new ConfigKey<int>("controller.quorum.request.timeout.ms", 2000)
    {
        Min = 0,
        Doc = "Timeout of requests between quorum nodes.",
    });

    /// <summary><c>controller.quorum.retry.backoff.ms</c></summary>
    public static readonly ConfigKey<int> ControllerQuorumRetryBackoffMs = Table.Add(new ConfigKey<int>("controller.quorum.retry.backoff.ms", 20)
    {
        Min = 0, Importance = ConfigImportance.Low,
        Doc = "Backoff between retried quorum requests.",
    });

    /// <summary><c>controller.quorum.voters</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ControllerQuorumVoters = Table.Add(new ConfigKey<IReadOnlyList<string>>("controller.quorum.voters", [])
    {
        Importance = ConfigImportance.High,
        Doc = "Static voter list with ids and endpoints.",
    });

    /// <summary><c>controller.socket.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ControllerSocketTimeoutMs = Table.Add(new ConfigKey<int>("controller.socket.timeout.ms", 30_000)
    {
        Doc = "Socket timeout for broker to controller channels.",
    });

    /// <summary><c>metadata.log.dir</c></summary>
    public static readonly ConfigKey<string?> MetadataLogDir = Table.Add(new ConfigKey<string?>("metadata.log.dir", null)
    {
        Importance = ConfigImportance.High,
        Doc = "Directory of the metadata log; defaults to the first data directory.",
    });

    /// <summary><c>metadata.log.max.record.bytes.between.snapshots</c></summary>
    public static readonly ConfigKey<long> MetadataLogMaxRecordBytesBetweenSnapshots = Table.Add(new ConfigKey<long>("metadata.log.max.record.bytes.between.snapshots", 20_971_520)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Metadata bytes after which a snapshot is taken.",
    });

    /// <summary><c>metadata.log.max.snapshot.interval.ms</c></summary>
    public static readonly ConfigKey<long> MetadataLogMaxSnapshotIntervalMs = Table.Add(new ConfigKey<long>("metadata.log.max.snapshot.interval.ms", 3_600_000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Longest time between metadata snapshots.",
    });

    /// <summary><c>metadata.log.segment.bytes</c></summary>
    public static readonly ConfigKey<int> MetadataLogSegmentBytes = Table.Add(new ConfigKey<int>("metadata.log.segment.bytes", 1_073_741_824)
    {
        Min = 8_388_608, Importance = ConfigImportance.High,
        Doc = "Segment size of the metadata log.",
    });

    /// <summary><c>metadata.log.segment.ms</c></summary>
    public static readonly ConfigKey<long> MetadataLogSegmentMs = Table.Add(new ConfigKey<long>("metadata.log.segment.ms", 604_800_000)
    {
        Importance = ConfigImportance.High,
        Doc = "Segment roll age of the metadata log.",
    });

    /// <summary><c>metadata.max.idle.interval.ms</c></summary>
    public static readonly ConfigKey<int> MetadataMaxIdleIntervalMs = Table.Add(new ConfigKey<int>("metadata.max.idle.interval.ms", 500)
    {
        Min = 0, Importance = ConfigImportance.Low,
        Doc = "Period of no-op metadata records while idle; 0 disables.",
    });

    /// <summary><c>metadata.max.retention.bytes</c></summary>
    public static readonly ConfigKey<long> MetadataMaxRetentionBytes = Table.Add(new ConfigKey<long>("metadata.max.retention.bytes", 104_857_600)
    {
        Importance = ConfigImportance.High,
        Doc = "Total size of metadata log and snapshots kept.",
    });

    /// <summary><c>metadata.max.retention.ms</c></summary>
    public static readonly ConfigKey<long> MetadataMaxRetentionMs = Table.Add(new ConfigKey<long>("metadata.max.retention.ms", 604_800_000)
    {
        Importance = ConfigImportance.High,
        Doc = "Time metadata log segments and snapshots are kept.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
