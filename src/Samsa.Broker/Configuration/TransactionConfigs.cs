namespace Samsa.Broker.Configuration;

/// <summary>Transactions and their coordinator.</summary>
public static class TransactionConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>add.partitions.to.txn.retry.backoff.max.ms</c></summary>
    public static readonly ConfigKey<int> AddPartitionsToTxnRetryBackoffMaxMs = Table.Add(new ConfigKey<int>("add.partitions.to.txn.retry.backoff.max.ms", 100)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Upper bound for server-side retry backoff when adding partitions to a transaction.",
    });

    /// <summary><c>add.partitions.to.txn.retry.backoff.ms</c></summary>
    public static readonly ConfigKey<int> AddPartitionsToTxnRetryBackoffMs = Table.Add(new ConfigKey<int>("add.partitions.to.txn.retry.backoff.ms", 20)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Server-side backoff when retrying to add partitions to a transaction.",
    });

    /// <summary><c>transaction.abort.timed.out.transaction.cleanup.interval.ms</c></summary>
    public static readonly ConfigKey<int> TransactionAbortTimedOutTransactionCleanupIntervalMs = Table.Add(new ConfigKey<int>("transaction.abort.timed.out.transaction.cleanup.interval.ms", 10_000)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Period of aborting timed-out transactions.",
    });

    /// <summary><c>transaction.max.timeout.ms</c></summary>
    public static readonly ConfigKey<int> TransactionMaxTimeoutMs = Table.Add(new ConfigKey<int>("transaction.max.timeout.ms", 900_000)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Largest transaction timeout a client may request.",
    });

    /// <summary><c>transaction.partition.verification.enable</c></summary>
    public static readonly ConfigKey<bool> TransactionPartitionVerificationEnable = Table.Add(new ConfigKey<bool>("transaction.partition.verification.enable", true)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.Low,
        Doc = "Check that a partition belongs to the transaction before appending.",
    });

    /// <summary><c>transaction.remove.expired.transaction.cleanup.interval.ms</c></summary>
    public static readonly ConfigKey<int> TransactionRemoveExpiredTransactionCleanupIntervalMs = Table.Add(new ConfigKey<int>("transaction.remove.expired.transaction.cleanup.interval.ms", 3_600_000)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Period of removing expired transactional ids.",
    });

    /// <summary><c>transaction.state.log.load.buffer.size</c></summary>
    public static readonly ConfigKey<int> TransactionStateLogLoadBufferSize = Table.Add(new ConfigKey<int>("transaction.state.log.load.buffer.size", 5_242_880)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Batch size when loading the transaction topic.",
    });

    /// <summary><c>transaction.state.log.min.isr</c></summary>
    public static readonly ConfigKey<int> TransactionStateLogMinIsr = Table.Add(new ConfigKey<int>("transaction.state.log.min.isr", 2)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "min.insync.replicas of the transaction topic.",
    });

    /// <summary><c>transaction.state.log.num.partitions</c></summary>
    public static readonly ConfigKey<int> TransactionStateLogNumPartitions = Table.Add(new ConfigKey<int>("transaction.state.log.num.partitions", 50)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Partitions of the transaction topic.",
    });

    /// <summary><c>transaction.state.log.replication.factor</c></summary>
    public static readonly ConfigKey<short> TransactionStateLogReplicationFactor = Table.Add(new ConfigKey<short>("transaction.state.log.replication.factor", 3)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Replication factor of the transaction topic, or the number of brokers where that is smaller.",
    });

    /// <summary><c>transaction.state.log.segment.bytes</c></summary>
    public static readonly ConfigKey<int> TransactionStateLogSegmentBytes = Table.Add(new ConfigKey<int>("transaction.state.log.segment.bytes", 104_857_600)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Segment size of the transaction topic.",
    });

    /// <summary><c>transaction.two.phase.commit.enable</c></summary>
    public static readonly ConfigKey<bool> TransactionTwoPhaseCommitEnable = Table.Add(new ConfigKey<bool>("transaction.two.phase.commit.enable", false)
    {
        Importance = ConfigImportance.Low,
        Doc = "Allow clients to use two-phase commit.",
    });

    /// <summary><c>transactional.id.expiration.ms</c></summary>
    public static readonly ConfigKey<int> TransactionalIdExpirationMs = Table.Add(new ConfigKey<int>("transactional.id.expiration.ms", 604_800_000)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Idle time after which a transactional id is removed.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
