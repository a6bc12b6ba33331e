namespace Samsa.Interop.Tests.Groups;

/// <summary>Which client a member is, and how its group shares partitions out.</summary>
public enum MemberKind
{
    KafkaPythonRange,
    KafkaPythonSticky,
    ConfluentPythonRange,
    ConfluentPythonCooperative,
    KafkaJs,
    LibrdkafkaRange,
    LibrdkafkaCooperative,

    /// <summary>The protocol of KIP-848.</summary>
    LibrdkafkaConsumer,
}
