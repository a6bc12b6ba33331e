namespace Samsa.Model;

/// <summary>Every error code of the protocol; the one table that names, texts and retry rules derive from.</summary>
public enum ErrorCode : short
{
    /// <summary>Unexpected failure on the server.</summary>
    UnknownServerError = -1,

    /// <summary>Success.</summary>
    None = 0,

    /// <summary>Requested offset lies outside the log.</summary>
    OffsetOutOfRange = 1,

    /// <summary>Batch failed checksum, size or format validation.</summary>
    CorruptMessage = 2,

    /// <summary>Broker does not host the partition, or the topic is unknown.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>Fetch size is not acceptable.</summary>
    InvalidFetchSize = 4,

    /// <summary>Partition currently has no leader.</summary>
    LeaderNotAvailable = 5,

    /// <summary>Broker is not the leader or not a replica.</summary>
    NotLeaderOrFollower = 6,

    /// <summary>Request was not completed within its timeout.</summary>
    RequestTimedOut = 7,

    /// <summary>Broker cannot be reached.</summary>
    BrokerNotAvailable = 8,

    /// <summary>Replica is missing on a broker that should have it.</summary>
    ReplicaNotAvailable = 9,

    /// <summary>Batch is larger than the topic allows.</summary>
    MessageTooLarge = 10,

    /// <summary>Controller epoch in the request is too old.</summary>
    StaleControllerEpoch = 11,

    /// <summary>Commit metadata string is too long.</summary>
    OffsetMetadataTooLarge = 12,

    /// <summary>Connection lost before a response arrived.</summary>
    NetworkException = 13,

    /// <summary>Coordinator is still loading its state.</summary>
    CoordinatorLoadInProgress = 14,

    /// <summary>Coordinator cannot serve requests now.</summary>
    CoordinatorNotAvailable = 15,

    /// <summary>This broker is not the right coordinator.</summary>
    NotCoordinator = 16,

    /// <summary>Topic name is illegal or may not be used.</summary>
    InvalidTopicException = 17,

    /// <summary>Records exceed the segment size.</summary>
    RecordListTooLarge = 18,

    /// <summary>ISR is smaller than min.insync.replicas; nothing was written.</summary>
    NotEnoughReplicas = 19,

    /// <summary>Written, but ISR shrank below min.insync.replicas.</summary>
    NotEnoughReplicasAfterAppend = 20,

    /// <summary>acks value is not allowed.</summary>
    InvalidRequiredAcks = 21,

    /// <summary>Group generation does not match.</summary>
    IllegalGeneration = 22,

    /// <summary>Member protocols do not overlap with the group.</summary>
    InconsistentGroupProtocol = 23,

    /// <summary>Group id is empty or invalid.</summary>
    InvalidGroupId = 24,

    /// <summary>Member id is not known to the coordinator.</summary>
    UnknownMemberId = 25,

    /// <summary>Session timeout is outside the allowed range.</summary>
    InvalidSessionTimeout = 26,

    /// <summary>Group is rebalancing; member should rejoin.</summary>
    RebalanceInProgress = 27,

    /// <summary>Commit is too large for the log.</summary>
    InvalidCommitOffsetSize = 28,

    /// <summary>No permission on the topic.</summary>
    TopicAuthorizationFailed = 29,

    /// <summary>No permission on the group.</summary>
    GroupAuthorizationFailed = 30,

    /// <summary>No permission on the cluster.</summary>
    ClusterAuthorizationFailed = 31,

    /// <summary>Record timestamp is outside the allowed range.</summary>
    InvalidTimestamp = 32,

    /// <summary>SASL mechanism is not enabled.</summary>
    UnsupportedSaslMechanism = 33,

    /// <summary>SASL request is not valid in this state.</summary>
    IllegalSaslState = 34,

    /// <summary>API version is not supported.</summary>
    UnsupportedVersion = 35,

    /// <summary>Topic exists already.</summary>
    TopicAlreadyExists = 36,

    /// <summary>Partition count is invalid.</summary>
    InvalidPartitions = 37,

    /// <summary>Replication factor is invalid or too large.</summary>
    InvalidReplicationFactor = 38,

    /// <summary>Replica assignment is invalid.</summary>
    InvalidReplicaAssignment = 39,

    /// <summary>Config name or value is invalid.</summary>
    InvalidConfig = 40,

    /// <summary>Node is not the active controller.</summary>
    NotController = 41,

    /// <summary>Request is malformed or contradicts protocol rules.</summary>
    InvalidRequest = 42,

    /// <summary>Stored message format cannot serve the operation.</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>A configured policy rejected the request.</summary>
    PolicyViolation = 44,

    /// <summary>Producer sequence has a gap.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>Producer sequence was already written.</summary>
    DuplicateSequenceNumber = 46,

    /// <summary>Producer epoch is older than the current one.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>Operation is illegal in the transaction state.</summary>
    InvalidTxnState = 48,

    /// <summary>Producer id is not the one mapped to the transactional id.</summary>
    InvalidProducerIdMapping = 49,

    /// <summary>Transaction timeout exceeds the broker limit.</summary>
    InvalidTransactionTimeout = 50,

    /// <summary>Another change to the same transaction is in progress.</summary>
    ConcurrentTransactions = 51,

    /// <summary>Transaction coordinator epoch is too old.</summary>
    TransactionCoordinatorFenced = 52,

    /// <summary>No permission on the transactional id.</summary>
    TransactionalIdAuthorizationFailed = 53,

    /// <summary>Security features are not enabled.</summary>
    SecurityDisabled = 54,

    /// <summary>Not tried because another part of the request failed.</summary>
    OperationNotAttempted = 55,

    /// <summary>Disk failure while accessing the log.</summary>
    KafkaStorageError = 56,

    /// <summary>Named log directory does not exist.</summary>
    LogDirNotFound = 57,

    /// <summary>SASL authentication was rejected.</summary>
    SaslAuthenticationFailed = 58,

    /// <summary>No state is kept for the producer id.</summary>
    UnknownProducerId = 59,

    /// <summary>Partition is already being reassigned.</summary>
    ReassignmentInProgress = 60,

    /// <summary>Delegation tokens are not enabled.</summary>
    DelegationTokenAuthDisabled = 61,

    /// <summary>Delegation token does not exist.</summary>
    DelegationTokenNotFound = 62,

    /// <summary>Token may be handled only by owner or renewers.</summary>
    DelegationTokenOwnerMismatch = 63,

    /// <summary>Token request not allowed on this kind of connection.</summary>
    DelegationTokenRequestNotAllowed = 64,

    /// <summary>No permission on the delegation token.</summary>
    DelegationTokenAuthorizationFailed = 65,

    /// <summary>Delegation token is past its expiry.</summary>
    DelegationTokenExpired = 66,

    /// <summary>Principal type is not supported.</summary>
    InvalidPrincipalType = 67,

    /// <summary>Group still has members.</summary>
    NonEmptyGroup = 68,

    /// <summary>Group does not exist.</summary>
    GroupIdNotFound = 69,

    /// <summary>Fetch session is unknown.</summary>
    FetchSessionIdNotFound = 70,

    /// <summary>Fetch session epoch does not match.</summary>
    InvalidFetchSessionEpoch = 71,

    /// <summary>Leader has no listener matching the client's.</summary>
    ListenerNotFound = 72,

    /// <summary>Topic deletion is turned off.</summary>
    TopicDeletionDisabled = 73,

    /// <summary>Client's leader epoch is older than the broker's.</summary>
    FencedLeaderEpoch = 74,

    /// <summary>Client's leader epoch is newer than the broker knows.</summary>
    UnknownLeaderEpoch = 75,

    /// <summary>Compression type not usable at this version.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>Broker epoch is too old.</summary>
    StaleBrokerEpoch = 77,

    /// <summary>Leader cannot give the offset until its high watermark advances.</summary>
    OffsetNotAvailable = 78,

    /// <summary>Member must rejoin with the assigned id.</summary>
    MemberIdRequired = 79,

    /// <summary>Preferred replica cannot become leader.</summary>
    PreferredLeaderNotAvailable = 80,

    /// <summary>Group has reached its member limit.</summary>
    GroupMaxSizeReached = 81,

    /// <summary>Another member took over the static instance id.</summary>
    FencedInstanceId = 82,

    /// <summary>No replica eligible for leadership is available.</summary>
    EligibleLeadersNotAvailable = 83,

    /// <summary>Partition already has the desired leader.</summary>
    ElectionNotNeeded = 84,

    /// <summary>Partition is not being reassigned.</summary>
    NoReassignmentInProgress = 85,

    /// <summary>Topic still subscribed by the group; offsets kept.</summary>
    GroupSubscribedToTopic = 86,

    /// <summary>Record failed validation.</summary>
    InvalidRecord = 87,

    /// <summary>Offsets wait on an unfinished transaction.</summary>
    UnstableOffsetCommit = 88,

    /// <summary>Quota exceeded; retry later.</summary>
    ThrottlingQuotaExceeded = 89,

    /// <summary>A newer producer took over the transactional id.</summary>
    ProducerFenced = 90,

    /// <summary>Named resource does not exist.</summary>
    ResourceNotFound = 91,

    /// <summary>Resource appears twice or already exists.</summary>
    DuplicateResource = 92,

    /// <summary>Credential does not meet requirements.</summary>
    UnacceptableCredential = 93,

    /// <summary>Voter sets of sender and receiver differ.</summary>
    InconsistentVoterSet = 94,

    /// <summary>Given feature version is not valid.</summary>
    InvalidUpdateVersion = 95,

    /// <summary>Feature update could not be applied.</summary>
    FeatureUpdateFailed = 96,

    /// <summary>Forwarded principal could not be decoded.</summary>
    PrincipalDeserializationFailure = 97,

    /// <summary>Requested snapshot does not exist.</summary>
    SnapshotNotFound = 98,

    /// <summary>Snapshot position is outside the file.</summary>
    PositionOutOfRange = 99,

    /// <summary>Topic id is not known.</summary>
    UnknownTopicId = 100,

    /// <summary>Broker id is registered by another live broker.</summary>
    DuplicateBrokerRegistration = 101,

    /// <summary>Broker id has no registration.</summary>
    BrokerIdNotRegistered = 102,

    /// <summary>Topic id does not match the one stored in the log.</summary>
    InconsistentTopicId = 103,

    /// <summary>Cluster id does not match.</summary>
    InconsistentClusterId = 104,

    /// <summary>Transactional id does not exist.</summary>
    TransactionalIdNotFound = 105,

    /// <summary>Fetch session mixed topic ids and names.</summary>
    FetchSessionTopicIdError = 106,

    /// <summary>Replica may not join the ISR.</summary>
    IneligibleReplica = 107,

    /// <summary>ISR change arrived after a new leader was elected.</summary>
    NewLeaderElected = 108,

    /// <summary>Offset is available only in remote storage.</summary>
    OffsetMovedToTieredStorage = 109,

    /// <summary>Member epoch was fenced; member must rejoin.</summary>
    FencedMemberEpoch = 110,

    /// <summary>Static instance id is still held by another member.</summary>
    UnreleasedInstanceId = 111,

    /// <summary>Group assignor is not supported.</summary>
    UnsupportedAssignor = 112,

    /// <summary>Member epoch is outdated; retry after heartbeat.</summary>
    StaleMemberEpoch = 113,

    /// <summary>Endpoint is of another kind than requested.</summary>
    MismatchedEndpointType = 114,

    /// <summary>Endpoint kind is not supported.</summary>
    UnsupportedEndpointType = 115,

    /// <summary>Controller id has no registration.</summary>
    UnknownControllerId = 116,

    /// <summary>Telemetry subscription id is stale.</summary>
    UnknownSubscriptionId = 117,

    /// <summary>Telemetry payload is too large.</summary>
    TelemetryTooLarge = 118,

    /// <summary>Registration is invalid.</summary>
    InvalidRegistration = 119,

    /// <summary>Transaction must be aborted by the client.</summary>
    TransactionAbortable = 120,

    /// <summary>Acknowledged record is not in the expected state.</summary>
    InvalidRecordState = 121,

    /// <summary>Share session is unknown.</summary>
    ShareSessionNotFound = 122,

    /// <summary>Share session epoch does not match.</summary>
    InvalidShareSessionEpoch = 123,

    /// <summary>Share state epoch is outdated.</summary>
    FencedStateEpoch = 124,

    /// <summary>Voter id and directory do not match.</summary>
    InvalidVoterKey = 125,

    /// <summary>Voter is already in the set.</summary>
    DuplicateVoter = 126,

    /// <summary>Voter is not in the set.</summary>
    VoterNotFound = 127,

    /// <summary>Regular expression cannot be parsed.</summary>
    InvalidRegularExpression = 128,

    /// <summary>Client should rebuild its metadata from bootstrap servers.</summary>
    RebootstrapRequired = 129,

    /// <summary>Streams topology is invalid.</summary>
    StreamsInvalidTopology = 130,

    /// <summary>Streams topology epoch is invalid.</summary>
    StreamsInvalidTopologyEpoch = 131,

    /// <summary>Streams topology epoch is outdated.</summary>
    StreamsTopologyFenced = 132,

    /// <summary>Broker has no room for another share session.</summary>
    ShareSessionLimitReached = 133,
}
