using Samsa.Broker.Configuration;

namespace Samsa.Broker.Tests.Configuration;

/// <summary>The table against the list of Kafka 4.3.1: every name, type, default, range and scope.</summary>
public sealed class ConfigTableTests
{
    /// <summary>Where Samsa's default or range is another, and why.</summary>
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["controller.listener.names default"] = "a single node needs no controller listener",
        ["listener.security.protocol.map scope"] = "listeners stay as they were at start",
        ["listeners scope"] = "listeners stay as they were at start",
        ["listeners default"] = "a broker started without settings is not open to the network",
        ["log.dir default"] = "log.dirs has a default, and an unset log.dir must not hide it",
        ["log.dirs default"] = "data belongs beside where the broker was started, not into a directory that is emptied at boot",
        ["log.segment.bytes min"] = "as Kafka up to 3.9: topics that came from there keep their segment size",
        ["metric.reporters default"] = "no JMX",
        ["node.id default"] = "a broker starts without settings",
        ["process.roles default"] = "a broker starts without settings",
        ["segment.bytes min"] = "as log.segment.bytes",
        ["ssl.keymanager.algorithm default"] = "the list shows a placeholder",
        ["ssl.trustmanager.algorithm default"] = "the list shows a placeholder",
    };

    [Fact]
    public void Every_broker_setting_of_Kafka_is_declared_as_Kafka_declares_it() =>
        Compare("broker-configs.tsv", BrokerConfigs.Find, row => row["dynamic_scope"] switch
        {
            "read-only" => ConfigScope.ReadOnly,
            "per-broker" => ConfigScope.PerBroker,
            _ => ConfigScope.ClusterWide,
        });

    [Fact]
    public void Every_topic_setting_of_Kafka_is_declared_as_Kafka_declares_it()
    {
        Compare("topic-configs.tsv", TopicConfigs.Find, _ => ConfigScope.Topic);
        foreach (var row in GoldenTable.Read("topic-configs.tsv"))
        {
            var synonyms = string.Join(',', TopicConfigs.Find(row["name"])!.Synonyms.Select(s => s.Key.Name));
            Assert.Equal(row["broker_synonyms"] == "-" ? "" : row["broker_synonyms"], synonyms);
        }
    }

    [Fact]
    public void Every_group_setting_of_Kafka_is_declared_as_Kafka_declares_it() =>
        Compare("group-configs.tsv", GroupResourceConfigs.Find, _ => ConfigScope.Group);

    [Fact]
    public void Settings_beyond_Kafkas_are_few_and_named()
    {
        var kafkas = GoldenTable.Read("broker-configs.tsv").Select(r => r["name"]).ToHashSet();
        Assert.Equal(
            ["allow.everyone.if.no.acl.found", "cluster.id", "super.users"],
            BrokerConfigs.Keys.Select(k => k.Name).Where(n => !kafkas.Contains(n) && !n.StartsWith("samsa.", StringComparison.Ordinal)));
        Assert.Equal(
            [TopicConfigs.FlushOnAck.Name],
            TopicConfigs.All.Select(k => k.Name).Except(GoldenTable.Read("topic-configs.tsv").Select(r => r["name"])));
    }

    [Fact]
    public void Every_default_reads_back_and_passes_its_own_check()
    {
        foreach (var key in BrokerConfigs.Keys.Concat(TopicConfigs.All).Concat(GroupResourceConfigs.All))
        {
            Assert.EndsWith(".", key.Doc, StringComparison.Ordinal);
            if (key.DefaultText is not { } text)
            {
                continue;
            }

            Assert.True(key.TryParse(text, out var value, out var problem), $"{key}: {problem}");
            Assert.Equal(text, ConfigText.Format(value));
        }
    }

    [Fact]
    public void Topic_and_group_settings_are_sorted_by_name()
    {
        Assert.Equal(TopicConfigs.All.OrderBy(k => k.Name, StringComparer.Ordinal), TopicConfigs.All);
        Assert.Equal(GroupResourceConfigs.All.OrderBy(k => k.Name, StringComparer.Ordinal), GroupResourceConfigs.All);
    }

    private static void Compare(string table, Func<string, ConfigKey?> find, Func<Dictionary<string, string>, ConfigScope> scopeOf)
    {
        var problems = new List<string>();
        foreach (var row in GoldenTable.Read(table))
        {
            var name = row["name"];
            if (find(name) is not { } key)
            {
                problems.Add($"{name} is not declared");
                continue;
            }

            Check("type", row["type"].ToUpperInvariant(), ConfigText.NameOf(key.Type));
            Check("default", row["default"] == "(empty)" ? "" : row["default"], key.DefaultText ?? "null");
            Check("scope", scopeOf(row), key.Scope);
            Check("importance", row["importance"], key.Importance.ToString().ToLowerInvariant());
            Check("min", LeastOf(row["valid"]), key.Min?.ToString() ?? "");

            void Check(string column, object kafkas, object samsas)
            {
                var differs = !kafkas.Equals(samsas);
                if (differs != Differences.ContainsKey($"{name} {column}"))
                {
                    problems.Add($"{name}: {column} is {samsas}, Kafka's is {kafkas}{(differs ? "" : " (no longer a difference)")}");
                }
            }
        }

        Assert.Empty(problems);
    }

    // ">= 1" and "[0,...,1]".
    private static string LeastOf(string valid) =>
        valid.StartsWith(">= ", StringComparison.Ordinal) ? valid[3..]
        : valid.StartsWith('[') ? valid[1..valid.IndexOf(',', StringComparison.Ordinal)]
        : "";
}
