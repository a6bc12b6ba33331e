namespace Samsa.Server.Tests.Golden;

/// <summary>The one list of what Samsa answers otherwise than Apache Kafka 3.9.1 did when it was recorded.</summary>
internal static class KnownDifferences
{
    private const string NewerVersions = "Samsa serves the versions of Kafka 4.x; Kafka 3.9.1 closes the connection on those it does not know.";
    private const string OldProduce = "Produce 0 to 2 is advertised (librdkafka wants it, KAFKA-18659) and refused, as in Kafka 4: message formats 0 and 1 no longer exist.";
    private const string Advertised = "ApiVersions lists what Samsa serves, and its own features.";
    private const string NullRecords = "Null records in Produce are refused; Kafka 3.9.1 never answers them, by mistake.";
    private const string FirstProducerIds = "Producer ids are there from the first request; Kafka 3.9.1 answers COORDINATOR_LOAD_IN_PROGRESS until it has fetched its first block.";

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("*.unsupported-version", "outcome", NewerVersions),
        new("Produce.v0.*", "*", OldProduce),
        new("Produce.v2.*", "*", OldProduce),
        new("ApiVersions.*", "ApiKeys*", Advertised),
        new("ApiVersions.*", "*Features*", Advertised),
        new("Produce.v9.null-records", "outcome", NullRecords),
        new("InitProducerId.v4.setup-first-ids*", "*", FirstProducerIds),
    ];
}
