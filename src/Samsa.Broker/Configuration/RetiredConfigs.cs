namespace Samsa.Broker.Configuration;

/// <summary>Names that older Kafka releases knew and current ones don't, so that an old properties file still starts a broker.</summary>
internal static class RetiredConfigs
{
    private static readonly string[] Names =
    [
        "auto.include.jmx.reporter", "broker.id.generation.enable", "control.plane.listener.name",
        "controlled.shutdown.max.retries", "controlled.shutdown.retry.backoff.ms", "delegation.token.master.key",
        "eligible.leader.replicas.enable", "group.share.max.groups", "inter.broker.protocol.version",
        "leader.imbalance.per.broker.percentage", "log.message.downconversion.enable", "log.message.format.version",
        "log.message.timestamp.difference.max.ms", "offsets.commit.required.acks", "reserved.broker.max.id",
    ];

    // Options of plug-ins that can't be loaded here.
    private static readonly string[] Prefixes =
        ["zookeeper.", "password.encoder.", "config.providers.", "rsm.config.", "rlmm.config."];

    /// <summary>Whether the name is one of them.</summary>
    public static bool Contains(string name) =>
        Names.Contains(name, StringComparer.Ordinal) || Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));
}
