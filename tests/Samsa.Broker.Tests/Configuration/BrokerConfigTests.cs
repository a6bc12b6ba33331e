using Samsa.Broker.Configuration;

namespace Samsa.Broker.Tests.Configuration;

public sealed class BrokerConfigTests
{
    private static BrokerConfig Load(params string[] set) => BrokerConfig.Load(new BrokerConfigSources { Set = set });

    private static ConfigError OnlyErrorOf(BrokerConfigSources sources) =>
        Assert.Single(Assert.Throws<ConfigException>(() => BrokerConfig.Load(sources)).Errors);

    private static ConfigError OnlyErrorOf(params string[] set) => OnlyErrorOf(new BrokerConfigSources { Set = set });

    [Fact]
    public void Nothing_given_means_a_broker_that_listens_on_localhost()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources());

        Assert.Equal(1, config.NodeId.Value);
        Assert.Equal(["./samsa-data"], config.LogDirs);
        Assert.Equal("PLAINTEXT://localhost:9092", Assert.Single(config.Listeners).ToString());
        Assert.Equal(config.Listeners, config.AdvertisedListeners);
        Assert.Equal("PLAINTEXT", config.InterBrokerListenerName);
        Assert.Equal(1 << 30, config.Get(LogConfigs.SegmentBytes));
        Assert.Equal("http://127.0.0.1:9644", config.AdminAddress?.ToString());
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void Options_beat_set_which_beats_the_environment_which_beats_the_file()
    {
        var all = new BrokerConfigSources
        {
            PropertiesText = "num.partitions=2\nlog.dirs=/file\nlisteners=PLAINTEXT://file:1\nfetch.max.bytes=2000",
            Environment = new Dictionary<string, string> { ["SAMSA_NUM_PARTITIONS"] = "3", ["SAMSA_LOG_DIRS"] = "/env", ["PATH"] = "/bin" },
            Set = ["num.partitions=4", "listeners=PLAINTEXT://set:1"],
            Data = "/data",
        };
        var config = BrokerConfig.Load(all);

        Assert.Equal(4, config.Get(TopicServiceConfigs.NumPartitions));
        Assert.Equal("--set", config.OriginOf(TopicServiceConfigs.NumPartitions));
        Assert.Equal(["/data"], config.LogDirs);
        Assert.Equal("set", config.Listeners[0].Host);
        Assert.Equal("properties line 4", config.OriginOf(TopicServiceConfigs.FetchMaxBytes));
        Assert.Equal("environment SAMSA_NUM_PARTITIONS", BrokerConfig.Load(all with { Set = [] }).OriginOf(TopicServiceConfigs.NumPartitions));
        Assert.Equal("option", BrokerConfig.Load(all with { Listeners = "PLAINTEXT://option:1" }).Listeners[0].Host);
    }

    [Fact]
    public void Environment_names_are_unambiguous_and_Samsas_own_need_no_second_prefix()
    {
        Assert.Equal(BrokerConfigs.Keys.Count, BrokerConfigs.Keys.Select(k => BrokerConfigs.EnvironmentName(k.Name)).Distinct().Count());

        var variables = new Dictionary<string, string> { ["SAMSA_FLUSH_ON_ACK"] = "true", ["SAMSA_SAMSA_LOG_FORMAT"] = "json" };
        var config = BrokerConfig.Load(new BrokerConfigSources { Environment = variables });
        Assert.True(config.Get(SamsaConfigs.FlushOnAck));
        Assert.Equal("json", config.Get(SamsaConfigs.LogFormat));
    }

    [Fact]
    public void A_variable_that_is_no_setting_is_refused_unless_Kubernetes_made_it()
    {
        var links = new Dictionary<string, string>
        {
            ["SAMSA_SERVICE_HOST"] = "10.0.0.1", ["SAMSA_PORT_9092_TCP_ADDR"] = "10.0.0.1", ["SAMSA_PORT"] = "tcp://10.0.0.1:9092",
        };
        Assert.Empty(BrokerConfig.Load(new BrokerConfigSources { Environment = links }).Warnings);

        var error = OnlyErrorOf(new BrokerConfigSources { Environment = new Dictionary<string, string> { ["SAMSA_NUM_PARTITION"] = "3" } });
        Assert.Equal("SAMSA_NUM_PARTITIONS", error.Nearest);
    }

    [Fact]
    public void All_errors_come_at_once_and_each_says_what_where_and_what_would_be_right()
    {
        var exception = Assert.Throws<ConfigException>(() => BrokerConfig.Load(new BrokerConfigSources
        {
            PropertiesText = "# first\nnum.partitions=none\nlog.retention.hour=5",
            Set = ["message.max.bytes=-1", "compression.type=brotli", "nonsense"],
            Environment = new Dictionary<string, string> { ["SAMSA_DELETE_TOPIC_ENABLE"] = "maybe" },
        }));

        Assert.Equal(
            [
                "--set = \"nonsense\" (command line): must look like name=value",
                "compression.type = \"brotli\" (--set): String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer; "
                    + "allowed: one of uncompressed, zstd, lz4, snappy, gzip, producer",
                "delete.topic.enable = \"maybe\" (environment SAMSA_DELETE_TOPIC_ENABLE): Expected value to be either true or false; allowed: true or false",
                "log.retention.hour = \"5\" (properties line 3): no such setting; did you mean log.retention.hours?",
                "message.max.bytes = \"-1\" (--set): Value must be at least 0; allowed: at least 0",
                "num.partitions = \"none\" (properties line 2): Not a number of type INT; allowed: at least 1",
            ],
            exception.Errors.Select(e => e.ToString()));
        Assert.StartsWith("6 invalid settings:\n  --set", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_do_not_show_in_warnings()
    {
        var config = Load("ssl.key.password=hunter2");
        Assert.Equal("hunter2", config.Get(SslConfigs.KeyPassword));
        Assert.DoesNotContain("hunter2", string.Join('\n', config.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_effect_is_accepted_with_one_warning()
    {
        var config = Load(
            "num.io.threads=8", "num.network.threads=3", "zookeeper.connect=localhost:2181", "inter.broker.protocol.version=3.6",
            "metric.reporters=org.apache.kafka.common.metrics.JmxReporter");

        var warning = Assert.Single(config.Warnings);
        Assert.Equal(
            "settings accepted without effect: metric.reporters (metrics are served on samsa.admin.listener); "
            + "num.io.threads, num.network.threads (Samsa has no pool of this kind); "
            + "inter.broker.protocol.version, zookeeper.connect (of older Kafka releases or plug-ins)",
            warning);
        Assert.Equal("num.io.threads", OnlyErrorOf("num.io.threads=0").Name);
    }

    [Fact]
    public void Broker_id_is_the_old_name_of_node_id()
    {
        Assert.Equal(7, Load("broker.id=7").NodeId.Value);
        Assert.Equal(7, Load("broker.id=7", "node.id=7").NodeId.Value);
        Assert.Equal(3, Load("broker.id=-1", "node.id=3").NodeId.Value);
        Assert.Contains("differs from node.id = 8", OnlyErrorOf("broker.id=7", "node.id=8").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_dir_counts_where_log_dirs_is_not_given()
    {
        Assert.Equal(["/a"], Load("log.dir=/a").LogDirs);
        Assert.Equal(["/b", "/c"], Load("log.dir=/a", "log.dirs=/b, /c").LogDirs);
    }

    [Fact]
    public void A_listeners_own_setting_beats_the_general_one()
    {
        var config = Load("listeners=A://:1,B://:2", "listener.security.protocol.map=A:PLAINTEXT,B:SSL", "inter.broker.listener.name=A",
            "max.connections=100", "listener.name.b.max.connections=5", "listener.name.b.plain.sasl.jaas.config=secret");

        Assert.Equal(100, config.GetForListener(NetworkConfigs.MaxConnections, "A"));
        Assert.Equal(5, config.GetForListener(NetworkConfigs.MaxConnections, "B"));
        Assert.Equal(SecurityProtocol.Ssl, config.Listeners[1].Protocol);
        Assert.Equal("no such setting", OnlyErrorOf("listener.name.b.max.conections=5").Problem);
    }

    [Theory]
    [InlineData("PLAINTEXT", "must look like PLAINTEXT://host:9092")]
    [InlineData("PLAINTEXT://host", "must look like PLAINTEXT://host:9092")]
    [InlineData("PLAINTEXT://host:65536", "the port must be 0 to 65535")]
    [InlineData("PLAINTEXT://host:-1", "the port must be 0 to 65535")]
    [InlineData("PLAINTEXT://ho st:1", "'ho st' is no host name")]
    [InlineData("PLAINTEXT://::1:9092", "an IPv6 address must stand in brackets")]
    [InlineData("INSIDE://host:1", "listener.security.protocol.map has no entry for INSIDE")]
    [InlineData("PLAINTEXT://a:1,PLAINTEXT://a:2", "listener PLAINTEXT occurs twice")]
    [InlineData("PLAINTEXT://a:1,SSL://a:1", "PLAINTEXT and SSL share port 1")]
    [InlineData("PLAINTEXT://:1,SSL://a:1", "PLAINTEXT and SSL share port 1")]
    public void Bad_listeners_are_refused(string listeners, string problem)
    {
        var error = OnlyErrorOf(new BrokerConfigSources { Listeners = listeners });
        Assert.Equal("listeners", error.Name);
        Assert.Equal("--listeners", error.Origin);
        Assert.EndsWith(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Listeners_take_any_address_form()
    {
        var config = Load("listeners=PLAINTEXT://[::1]:9092,ssl://0.0.0.0:9093,SASL_SSL://:0,SASL_PLAINTEXT://broker-1.example:0", "controller.listener.names=SASL_SSL");
        Assert.Equal(["PLAINTEXT://[::1]:9092", "SSL://0.0.0.0:9093", "SASL_SSL://:0", "SASL_PLAINTEXT://broker-1.example:0"], config.Listeners.Select(l => l.ToString()));
        Assert.DoesNotContain(config.AdvertisedListeners, l => l.Name == "SASL_SSL");
    }

    [Theory]
    [InlineData("advertised.listeners=PLAINTEXT://0.0.0.0:9092", "advertised.listeners", "clients can't connect to an address that means every address")]
    [InlineData("advertised.listeners=SSL://a:9092", "advertised.listeners", "listeners has no SSL")]
    [InlineData("inter.broker.listener.name=SSL", "inter.broker.listener.name", "listeners has no SSL")]
    [InlineData("listener.security.protocol.map=PLAINTEXT:TLS,PLAINTEXT:PLAINTEXT", "listener.security.protocol.map", "'PLAINTEXT:TLS': the protocol must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL")]
    [InlineData("group.min.session.timeout.ms=3000000", "group.min.session.timeout.ms", "must not be greater than group.max.session.timeout.ms = 1800000")]
    [InlineData("samsa.admin.listener=https://x:1", "samsa.admin.listener", "Address must look like http://127.0.0.1:9644")]
    [InlineData("cordoned.log.dirs=/nowhere", "cordoned.log.dirs", "'/nowhere' is not one of log.dirs")]
    [InlineData("log.dirs=/a,/a", "log.dirs", "Values must not be duplicated, but /a is")]
    [InlineData("listeners=", "listeners", "Values must not be empty")]
    public void Settings_that_do_not_fit_together_are_refused(string set, string name, string problem)
    {
        var exception = Assert.Throws<ConfigException>(() => Load(set));
        Assert.Equal((name, problem), (exception.Errors[0].Name, exception.Errors[0].Problem));
    }

    [Fact]
    public void A_missing_file_is_an_error_with_its_name() =>
        Assert.Equal("/no/such/server.properties", OnlyErrorOf(new BrokerConfigSources { PropertiesFile = "/no/such/server.properties" }).Value);

    [Fact]
    public void Changes_at_run_time_lie_over_what_was_given_at_start()
    {
        var start = Load("log.cleaner.threads=2", "num.partitions=5");
        var changed = start.WithDynamic(
            new Dictionary<string, string> { ["log.cleaner.threads"] = "4", ["num.partitions"] = "9", ["max.connections"] = "rubbish" },
            new Dictionary<string, string> { ["log.cleaner.threads"] = "3", ["message.max.bytes"] = "1000", ["no.such"] = "1" });

        Assert.Equal(4, changed.Get(LogCleanerConfigs.Threads));
        Assert.Equal(5, changed.Get(TopicServiceConfigs.NumPartitions));
        Assert.Equal(1000, changed.Get(LogConfigs.MessageMaxBytes));
        Assert.Equal(1000, changed.Get(TopicConfigs.MaxMessageBytes));
        Assert.Equal(int.MaxValue, changed.Get(NetworkConfigs.MaxConnections));
        Assert.Equal(2, start.Get(LogCleanerConfigs.Threads));
    }

    [Theory]
    [InlineData(new string[0], 604_800_000)]
    [InlineData(new[] { "log.retention.hours=1" }, 3_600_000)]
    [InlineData(new[] { "log.retention.hours=1", "log.retention.minutes=2" }, 120_000)]
    [InlineData(new[] { "log.retention.hours=1", "log.retention.minutes=2", "log.retention.ms=3" }, 3)]
    [InlineData(new[] { "log.retention.hours=-1" }, -1)]
    public void The_finest_unit_of_retention_wins(string[] set, long expected) =>
        Assert.Equal(expected, Load(set).Get(TopicConfigs.RetentionMs));
}
