namespace Samsa.Server.Tests.Golden;

/// <summary>The one list of what Samsa answers otherwise than Apache Kafka 3.9.1 did when it was recorded.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyList<KnownDifference> All { get; } = [.. Versions(), .. Meant(), .. Consequences(), .. NotYet()];

    private static IEnumerable<KnownDifference> Versions()
    {
        const string oldProduce = "Produce 0 to 2 is advertised (librdkafka wants it, KAFKA-18659) and refused, as in Kafka 4: message formats 0 and 1 no longer exist.";
        const string advertised = "ApiVersions lists what Samsa serves, and its own features.";
        const string removed = "Topic settings that Kafka 4 removed (message.format.version, message.downconversion.enable, message.timestamp.difference.max.ms) do not exist; samsa.flush.on.ack does.";
        const string groupSettings = "The settings of groups and client metrics subscriptions are described and changed as in Kafka 4.";
        const string features = "UpdateFeatures does a request as a whole or not at all, as in Kafka 4; there are no features but metadata.version and eligible.leader.replicas.version.";
        const string documentation = "What the settings mean is said in other words.";
        return
        [
            new("Produce.v0.*", "*", oldProduce),
            new("Produce.v2.*", "*", oldProduce),
            new("Produce.v3.magic-0-in-v3", "*ErrorCode", oldProduce),
            new("ApiVersions.*", "ApiKeys*", advertised),
            new("ApiVersions.*", "*Features*", advertised),
            new("Metadata.v9.pipelined-three", "ApiKeys*", advertised),
            new("Metadata.v9.pipelined-three", "*Features*", advertised),
            new("*", "*Configs[message.downconversion.enable]", removed),
            new("*", "*Configs[message.format.version]", removed),
            new("*", "*Configs[message.timestamp.difference.max.ms]", removed),
            new("*", "*Configs[samsa.flush.on.ack]", removed),
            new("DescribeConfigs.v4.group*", "*", groupSettings),
            new("DescribeConfigs.v4.client-metrics*", "*", groupSettings),
            new("IncrementalAlterConfigs.v1.group-*", "*", groupSettings),
            new("UpdateFeatures.v*", "*", features),
            new("DescribeConfigs.v3.documentation", "*Documentation", documentation),
        ];
    }

    private static IEnumerable<KnownDifference> Meant()
    {
        const string nullRecords = "Null records in Produce are refused; Kafka 3.9.1 never answers them, by mistake.";
        const string notFound = "ConsumerGroupDescribe of a group that is not there or is a classic one answers GROUP_ID_NOT_FOUND, as in Kafka 4; Kafka 3.9.1 answers UNKNOWN_SERVER_ERROR.";
        const string producerIds = "Producer ids are there from the first request; Kafka 3.9.1 answers COORDINATOR_LOAD_IN_PROGRESS until it has fetched its first block.";
        const string loggers = "Loggers bear the names of Samsa's classes.";
        const string inForce = "A changed setting is in force when the answer leaves; in Kafka 3.9.1 it is a moment later.";
        const string remembered = "A restart remembers producers for producer.id.expiration.ms from then on; Kafka 3.9.1 reckons from the time in their records, and forgets most.";
        const string betterErrors = "Unknown codecs, damaged compressed data, negative sizes, unknown isolation levels and unknown operations get an error that says so; Kafka 3.9.1 answers UNKNOWN_SERVER_ERROR.";
        const string defaults = "Version 0 of DescribeConfigs says which values are defaults; Kafka 3.9.1 says of none that it is one.";
        const string nothing = "A topic without partitions in a Produce request is answered, without partitions; Kafka 3.9.1 leaves it out.";
        const string start = "Where a Produce request does not hold one whole batch, its refusal tells where the log begins; Kafka 3.9.1 looks at that before it looks for the partition.";
        const string strictRecords = "A compressed record whose length does not fit its fields is refused with INVALID_RECORD; Kafka 3.9.1 accepts it.";
        const string wholeBatches = "Fetch answers whole batches only; Kafka 3.9.1 cuts the last one where a size limit falls.";
        const string autoCreate = "A topic that Metadata creates is there in the same answer; Kafka 3.9.1 answers UNKNOWN_TOPIC_OR_PARTITION first.";
        const string quorum = "A lone node has no controller listener to tell of, and begins one controller epoch with each start; Kafka 3.9.1 begins two with the first.";
        const string atOnce = "The first FindCoordinator is answered with the coordinator as soon as the offsets topic is made; Kafka 3.9.1 answers COORDINATOR_NOT_AVAILABLE first.";
        const string refusedJoin = "A refused JoinGroup leaves no empty group behind; Kafka 3.9.1 lists one until it expires.";
        const string twice = "A partition that stands twice in a Produce request gets both batches and two answers; Kafka 3.9.1 drops one of the two in silence.";
        return
        [
            new("Produce.v9.null-records", "outcome", nullRecords),
            new("ConsumerGroupDescribe.v0.unknown-classic-empty", "*ErrorCode", notFound),
            new("InitProducerId.v4.setup-first-ids*", "*", producerIds),
            new("InitProducerId.v4.idempotent-after-restart", "*", producerIds),
            new("Produce.v9.codec-*", "*ErrorCode", betterErrors),
            new("Produce.v9.codec-*", "*LogStartOffset", betterErrors),
            new("Produce.v9.*-garbage", "*ErrorCode", betterErrors),
            new("Produce.v9.*-garbage", "*LogStartOffset", betterErrors),
            new("Fetch.v12.negative-partition-max-bytes", "*", betterErrors),
            new("*.isolation-level-*", "*", betterErrors),
            new("IncrementalAlterConfigs.v1.unknown-operation", "*ErrorCode", betterErrors),
            new("DescribeConfigs.v4.broker-logger", "*Configs*", loggers),
            new("IncrementalAlterConfigs.v1.logger-set", "*", loggers),
            new("DescribeConfigs.v4.broker-after-dynamic", "*Configs[log.segment.delete.delay.ms].*", inForce),
            new("DescribeConfigs.v4.cluster-default-after", "*Configs[log.segment.delete.delay.ms]", inForce),
            new("DescribeProducers.v0.after-restart", "*ActiveProducers*", remembered),
            new("DescribeConfigs.v0.*", "*IsDefault", defaults),
            new("Produce.v9.no-partitions", "Responses[wire]", nothing),
            new("Produce.v9.two-batches", "*LogStartOffset", start),
            new("Produce.v9.truncated-batch-header", "*LogStartOffset", start),
            new("Produce.v9.record-length-wrong-codec1", "*", strictRecords),
            new("Fetch.v12.partition-max-bytes-100", "*Records[1]", wholeBatches),
            new("Metadata.v4.auto-create-first", "Topics*", autoCreate),
            new("DescribeQuorum.*", "*LeaderEpoch", quorum),
            new("DescribeQuorum.*", "Nodes*", quorum),
            new("Produce.v9.same-partition-twice", "*", twice),
            new("FindCoordinator.v0.group", "*", atOnce),
            new("ListGroups.v5.*", "Groups[ej*", refusedJoin),
        ];
    }

    /// <summary>What follows from the others, or from how the replay is set up.</summary>
    private static IEnumerable<KnownDifference> Consequences()
    {
        const string offsets = "Offsets that follow from the above: what one of the two accepted and the other did not.";
        const string memberIds = "Member ids are drawn at random.";
        const string second = "The recording lacks one JoinGroup of a second member, so in the replay the rebalance it belongs to stays open.";
        const string settings = "The replay states some settings that the recorded broker had by default, and has a data directory of its own.";
        return
        [
            new("JoinGroup.v7.*-instance-id-new-group", "Leader", memberIds),
            new("JoinGroup.v9.rejoin-leader", "*", second),
            new("SyncGroup.v5.leader-omits-follower", "*", second),
            new("Heartbeat.v4.completing-rebalance", "*", second),
            new("DescribeGroups.v5.completing-rebalance", "*", second),
            new("SyncGroup.v5.follower-empty-assignment", "*", second),
            new("SyncGroup.v5.repeat-in-stable", "*", second),
            new("DescribeGroups.v5.stable-two-members", "*", second),
            new("LeaveGroup.v5.several-members", "*", second),
            new("DescribeGroups.v5.after-restart", "Groups[eg]*", second, IsCertain: false),
            new("Produce.v9.negative-timeout", "*BaseOffset", offsets),
            new("Produce.v9.partial-failure", "*BaseOffset", offsets),
            new("Produce.v9.trailing-bytes", "*BaseOffset", offsets),
            new("CreateTopics.*", "*Configs[message.timestamp.after.max.ms].ConfigSource", settings),
            new("DescribeConfigs.*", "*Configs[message.timestamp.after.max.ms].*", settings),
            new("DescribeConfigs.*", "*Configs[log.dirs].*", settings),
            new("Fetch.v12.pipelined-behind-fetch", "ClusterId", settings),
            new("DescribeLogDirs.v*.ok", "*Topics[wire].Partitions[0].PartitionSize", offsets),
        ];
    }

    private static IEnumerable<KnownDifference> NotYet()
    {
        const string groups = "There are no transactions yet: FindCoordinator and InitProducerId with a transactional id answer TRANSACTIONAL_ID_AUTHORIZATION_FAILED, after which no client tries again, transactional batches are refused, the topic of transactions is missing.";
        return
        [
            new("FindCoordinator.*.transaction*", "*", groups),
            new("ElectLeaders.v2.all-null", "ReplicaElectionResults[__transaction_state]", groups),
            new("OffsetFetch.v8.after-restart", "Groups[tg]*", groups),
            new("OffsetFetch.v7.stable-after-commit", "*", groups),
            new("ListGroups.v5.after-restart", "Groups[tg]*", groups),
            new("InitProducerId.v*.transactional*", "*", groups),
            new("InitProducerId.v4.setup-txn*", "*", groups),
            new("InitProducerId.*", "*", groups),
            new("Produce.v*.in-txn*", "*", groups),
            new("Produce.v9.setup-*", "*", groups),
            new("Produce.v9.*txn*", "*", groups),
            new("Produce.v9.plain-batch-with-transactional-id", "*", groups),
            new("Produce.v3.fenced-epoch", "*", groups),
            new("Fetch.*.read-*", "*", groups),
            new("Frame.v0.array-length-minus-2", "Topics[__*", groups),
            new("DescribeProducers.v0.open-txn", "*ActiveProducers*", groups),
            new("DescribeProducers.v0.after", "*ActiveProducers*", groups),
            new("DescribeLogDirs.v4.all", "*Topics[__transaction_state]", groups),
        ];
    }
}
