using Samsa.Broker.Configuration;
using Samsa.Model;

namespace Samsa.Broker.Tests.Configuration;

/// <summary>DescribeConfigs and CreateTopics against what Kafka 3.9.1 answered.</summary>
public sealed class ConfigDescriptionTests
{
    private const string Newer = "default of Kafka 4";
    private const string NewerType = "type of Kafka 4";
    private const string NewerScope = "scope of Kafka 4";
    private const string Own = "Samsa's own default";
    private const string Fixed = "listeners stay as they were at start";

    /// <summary>Where Samsa answers otherwise, by name and columns, and why.</summary>
    private static readonly (string Name, string Columns, string Reason)[] Differences =
    [
        ("advertised.listeners", "type", NewerType),
        ("advertised.listeners", "read_only", NewerScope),
        ("controller.listener.names", "type", NewerType),
        ("controller.listener.names", "synonyms", Own),
        ("early.start.listeners", "type", NewerType),
        ("group.consumer.assignors", "value synonyms", Newer),
        ("group.coordinator.append.linger.ms", "value synonyms", Newer),
        ("group.coordinator.rebalance.protocols", "synonyms", Newer),
        ("group.coordinator.threads", "value synonyms", Newer),
        ("group.share.max.size", "type", NewerType),
        ("group.share.partition.max.record.locks", "value synonyms", Newer),
        ("listener.security.protocol.map", "read_only", Fixed),
        ("listeners", "read_only", Fixed),
        ("listeners", "type", NewerType),
        ("listeners", "synonyms", Own),
        ("log.dir", "type", NewerType),
        ("log.dir", "value synonyms", Own),
        ("log.dirs", "type", NewerType),
        ("log.dirs", "synonyms", Own),
        ("log.message.timestamp.after.max.ms", "value synonyms", Newer),
        ("message.timestamp.after.max.ms", "value synonyms", Newer),
        ("node.id", "synonyms", Own),
        ("num.recovery.threads.per.data.dir", "synonyms", Newer),
        ("process.roles", "synonyms", Own),
        ("remote.log.manager.copier.thread.pool.size", "value synonyms", Newer),
        ("remote.log.manager.copier.thread.pool.size", "read_only", NewerScope),
        ("remote.log.manager.expiration.thread.pool.size", "value synonyms", Newer),
        ("remote.log.manager.expiration.thread.pool.size", "read_only", NewerScope),
        ("remote.log.manager.thread.pool.size", "value synonyms", Newer),
        ("remote.log.reader.threads", "read_only", NewerScope),
        ("sasl.oauthbearer.expected.audience", "value synonyms", Newer),
        ("super.users", "value sensitive type synonyms", "Kafka hides what it knows nothing of; Samsa knows the name, and it is no secret"),
    ];

    /// <summary>Names that Kafka 4 no longer has.</summary>
    private static readonly string[] RetiredTopicSettings =
        ["message.downconversion.enable", "message.format.version", "message.timestamp.difference.max.ms"];

    private static readonly Dictionary<string, string> None = [];

    /// <summary>A broker with the settings that Kafka's had.</summary>
    private static BrokerConfig LoadAsRecorded()
    {
        var set = GoldenTable.Read("broker.tsv")
            .SelectMany(row => row["synonyms"].Split("; ").Where(s => s.EndsWith("(STATIC_BROKER_CONFIG)", StringComparison.Ordinal)))
            .Select(s => s[..s.LastIndexOf(" (", StringComparison.Ordinal)].Replace("=\\N", "=secret", StringComparison.Ordinal))
            .Distinct();
        return BrokerConfig.Load(new BrokerConfigSources { Set = [.. set] });
    }

    [Fact]
    public void Broker_settings_are_told_as_Kafka_tells_them()
    {
        var entries = LoadAsRecorded().DescribeBroker(names: null).ToDictionary(e => e.Name);
        var rows = GoldenTable.Read("broker.tsv").Where(r => !RetiredConfigs.Contains(r["name"])).ToList();
        AssertSame(rows, entries);
    }

    [Fact]
    public void Topic_settings_are_told_as_Kafka_tells_them()
    {
        var config = LoadAsRecorded();
        Compare("topic.tsv", None);
        Compare("topic-with-overrides.tsv", new() { ["compression.type"] = "zstd", ["cleanup.policy"] = "compact,delete", ["retention.ms"] = "1000" });

        void Compare(string table, Dictionary<string, string> overrides) => AssertSame(
            [.. GoldenTable.Read(table).Where(r => !RetiredTopicSettings.Contains(r["name"]))],
            config.DescribeTopic(overrides, names: null).ToDictionary(e => e.Name));
    }

    [Fact]
    public void A_created_topic_is_answered_with_the_settings_Kafka_answers()
    {
        var entries = LoadAsRecorded().DescribeTopic(None, names: null);
        var rows = GoldenTable.Read("created-topic.tsv").Where(r => !RetiredTopicSettings.Contains(r["name"])).ToList();

        Assert.Equal(rows.Select(r => r["name"]), entries.Select(e => e.Name).Where(n => n != TopicConfigs.FlushOnAck.Name));
        var byName = entries.ToDictionary(e => e.Name);
        foreach (var row in rows.Where(r => !Differs(r["name"], "value")))
        {
            var entry = byName[row["name"]];
            Assert.Equal(row["value"], entry.Value);
            Assert.Equal(row["source"], ((int)entry.Source).ToString());
            Assert.Equal(row["read_only"], entry.IsReadOnly ? "true" : "false");
        }
    }

    [Fact]
    public void Refused_topic_settings_are_refused_in_Kafkas_words()
    {
        var config = LoadAsRecorded();
        foreach (var row in GoldenTable.Read("refusals.tsv"))
        {
            // Kafka 4 no longer has these names.
            var expected = RetiredTopicSettings.Contains(row["name"]) ? $"Unknown topic config name: {row["name"]}" : row["message"];
            var verdict = config.Validate(new Dictionary<string, string> { [row["name"]] = row["value"] });
            Assert.Equal(new ConfigVerdict(ErrorCode.InvalidConfig, expected), verdict);
        }
    }

    [Fact]
    public void A_value_given_in_a_coarser_unit_is_told_with_its_source()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Set = ["log.retention.hours=2"] });
        var entry = Assert.Single(config.DescribeTopic(None, ["retention.ms"]));
        Assert.Equal(("7200000", ConfigSource.StaticBroker), (entry.Value, entry.Source));
        Assert.Equal(
            [new("log.retention.hours", "2", ConfigSource.StaticBroker), new ConfigSynonym("log.retention.hours", "168", ConfigSource.Default)],
            entry.Synonyms);
    }

    [Fact]
    public void Changes_at_run_time_are_told_by_layer()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Set = ["message.max.bytes=3", "ssl.key.password=hunter2"] })
            .WithDynamic(new Dictionary<string, string> { ["message.max.bytes"] = "1" }, new Dictionary<string, string> { ["message.max.bytes"] = "2" });

        ConfigSynonym[] layers =
        [
            new("message.max.bytes", "1", ConfigSource.DynamicBroker), new("message.max.bytes", "2", ConfigSource.DynamicDefaultBroker),
            new("message.max.bytes", "3", ConfigSource.StaticBroker), new("message.max.bytes", "1048588", ConfigSource.Default),
        ];
        Assert.Equal(layers, Assert.Single(config.DescribeBroker(["message.max.bytes"])).Synonyms);
        Assert.Equal(layers, Assert.Single(config.DescribeTopic(None, ["max.message.bytes"])).Synonyms);
        Assert.Equal(
            [new ConfigSynonym("max.message.bytes", "7", ConfigSource.DynamicTopic), .. layers],
            Assert.Single(config.DescribeTopic(new Dictionary<string, string> { ["max.message.bytes"] = " 7 " }, ["max.message.bytes", "no.such"])).Synonyms);
        Assert.Equal(("message.max.bytes", "2"), Assert.Single(config.DescribeEveryBroker(names: null)) is var e ? (e.Name, e.Value!) : default);

        var secret = Assert.Single(config.DescribeBroker(["ssl.key.password"]));
        Assert.Equal((null, true, ConfigSource.StaticBroker), (secret.Value, secret.IsSensitive, secret.Source));
        Assert.Equal(new ConfigSynonym("ssl.key.password", null, ConfigSource.StaticBroker), Assert.Single(secret.Synonyms));
    }

    [Fact]
    public void A_groups_setting_falls_back_to_the_brokers()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Set = ["group.consumer.session.timeout.ms=50000"] });
        var entries = config.DescribeGroup(new Dictionary<string, string> { ["consumer.heartbeat.interval.ms"] = "6000" }, names: null).ToDictionary(e => e.Name);
        Assert.Equal(("50000", ConfigSource.StaticBroker), (entries["consumer.session.timeout.ms"].Value, entries["consumer.session.timeout.ms"].Source));
        Assert.Equal(("6000", ConfigSource.Group), (entries["consumer.heartbeat.interval.ms"].Value, entries["consumer.heartbeat.interval.ms"].Source));
    }

    private static void AssertSame(List<Dictionary<string, string>> rows, Dictionary<string, ConfigEntry> entries)
    {
        var problems = new List<string>();
        foreach (var row in rows)
        {
            if (!entries.TryGetValue(row["name"], out var entry))
            {
                problems.Add($"{row["name"]} is missing");
                continue;
            }

            Check("value", entry.Value ?? "\\N");
            Check("source", NameOf(entry.Source));
            Check("read_only", entry.IsReadOnly ? "true" : "false");
            Check("sensitive", entry.IsSensitive ? "true" : "false");
            Check("type", ConfigText.NameOf(entry.Type));
            Check("synonyms", string.Join("; ", entry.Synonyms.Select(s => $"{s.Name}={s.Value ?? "\\N"} ({NameOf(s.Source)})")));

            void Check(string column, string samsas)
            {
                var differs = row[column] != samsas;
                if (differs != Differs(row["name"], column))
                {
                    problems.Add($"{row["name"]} {column}: {samsas}; Kafka: {row[column]}{(differs ? "" : " (no longer a difference)")}");
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static bool Differs(string name, string column) =>
        Differences.Any(d => d.Name == name && d.Columns.Split(' ').Contains(column));

    private static string NameOf(ConfigSource source) => source switch
    {
        ConfigSource.DynamicTopic => "TOPIC_CONFIG",
        ConfigSource.StaticBroker => "STATIC_BROKER_CONFIG",
        _ => "DEFAULT_CONFIG",
    };
}
