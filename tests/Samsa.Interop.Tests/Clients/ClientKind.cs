namespace Samsa.Interop.Tests.Clients;

/// <summary>The clients that run as processes of their own.</summary>
public enum ClientKind
{
    /// <summary>kafka-python 2.0.2, pure Python.</summary>
    KafkaPython,

    /// <summary>confluent-kafka-python 1.7.0 on Debian's librdkafka 2.0.2.</summary>
    ConfluentPython,

    /// <summary>kafkajs 2.2.4, pure JavaScript.</summary>
    KafkaJs,
}
