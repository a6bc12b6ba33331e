using Samsa.Broker.Configuration;
using Samsa.Model;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Tests.Configuration;

public sealed class TopicSettingsTests
{
    private static readonly Dictionary<string, string> None = [];

    private static BrokerConfig Load(params string[] set) => BrokerConfig.Load(new BrokerConfigSources { Set = set });

    [Fact]
    public void Defaults_of_the_table_and_of_the_log_are_the_same() => Assert.Equal(LogConfig.Default, Load().ToLogConfig(None));

    [Fact]
    public void Topics_without_settings_of_their_own_share_one_log_config()
    {
        var config = Load("log.segment.bytes=1000000");
        Assert.Same(config.ToLogConfig(None), config.ToLogConfig(new Dictionary<string, string>()));
        Assert.NotSame(config.ToLogConfig(None), config.WithDynamic(None, None).ToLogConfig(None));
    }

    [Fact]
    public void Every_setting_reaches_the_log()
    {
        var overrides = new Dictionary<string, string>
        {
            ["segment.bytes"] = "20", ["segment.ms"] = "21", ["segment.jitter.ms"] = "22", ["segment.index.bytes"] = "23",
            ["index.interval.bytes"] = "24", ["retention.ms"] = "25", ["retention.bytes"] = "26", ["max.message.bytes"] = "27",
            ["message.timestamp.before.max.ms"] = "28", ["message.timestamp.after.max.ms"] = "29", ["flush.messages"] = "30",
            ["flush.ms"] = "31", ["samsa.flush.on.ack"] = "true", ["cleanup.policy"] = "compact", ["file.delete.delay.ms"] = "32",
            ["min.insync.replicas"] = "33", ["preallocate"] = "true",
            ["message.timestamp.type"] = "LogAppendTime", ["compression.type"] = "zstd", ["compression.zstd.level"] = "-5",
        };
        var expected = new LogConfig
        {
            SegmentBytes = 20, SegmentMs = 21, SegmentJitterMs = 22, SegmentIndexBytes = 23, IndexIntervalBytes = 24, RetentionMs = 25,
            RetentionBytes = 26, MaxMessageBytes = 27, TimestampBeforeMaxMs = 28, TimestampAfterMaxMs = 29, FlushMessages = 30,
            FlushMs = 31, FlushOnAck = true, CleanupDelete = false, CleanupCompact = true, FileDeleteDelayMs = 32, MinInSyncReplicas = 33,
            Preallocate = true, ProducerIdExpirationMs = 34, TimestampType = TimestampType.LogAppendTime,
            CompressionType = CompressionType.Zstd, CompressionLevel = -5,
        };
        Assert.Equal(expected, Load("producer.id.expiration.ms=34").ToLogConfig(overrides));
    }

    [Fact]
    public void The_topics_value_beats_the_brokers_which_beats_the_default()
    {
        var config = Load("log.cleanup.policy=compact", "log.flush.scheduler.interval.ms=5", "log.roll.jitter.hours=1");
        Assert.True(config.ToLogConfig(None).CleanupCompact);
        Assert.Equal(5, config.ToLogConfig(None).FlushMs);
        Assert.Equal(3_600_000, config.ToLogConfig(None).SegmentJitterMs);
        Assert.True(config.ToLogConfig(new Dictionary<string, string> { ["cleanup.policy"] = "delete" }).CleanupDelete);
        Assert.False(config.ToLogConfig(new Dictionary<string, string> { ["cleanup.policy"] = "" }).CleanupCompact);
    }

    [Theory]
    [InlineData("producer", null, null)]
    [InlineData("uncompressed", CompressionType.None, null)]
    [InlineData("gzip", CompressionType.Gzip, null)]
    [InlineData("snappy", CompressionType.Snappy, null)]
    [InlineData("lz4", CompressionType.Lz4, 9)]
    [InlineData("zstd", CompressionType.Zstd, 3)]
    public void The_codec_comes_with_its_own_level(string name, CompressionType? codec, int? level)
    {
        var log = Load().ToLogConfig(new Dictionary<string, string> { ["compression.type"] = name });
        Assert.Equal((codec, level), (log.CompressionType, log.CompressionLevel));
    }

    [Theory]
    [InlineData("cleanup.policy", "compact,shred", "Invalid value shred for configuration cleanup.policy: String must be one of: compact, delete")]
    [InlineData("compression.gzip.level", "0", "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1")]
    [InlineData("min.cleanable.dirty.ratio", "1.5", "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1")]
    [InlineData("min.cleanable.dirty.ratio", "NaN", "Invalid value NaN for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE")]
    [InlineData("segment.bytes", "2147483648", "Invalid value 2147483648 for configuration segment.bytes: Not a number of type INT")]
    [InlineData("retention.ms", null, "Null value not supported for topic configs: retention.ms")]
    [InlineData("num.partitions", "3", "Unknown topic config name: num.partitions")]
    [InlineData("leader.replication.throttled.replicas", "0:1,x", "Invalid value 0:1,x for configuration leader.replication.throttled.replicas: Value must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...")]
    public void Bad_values_are_refused_in_Kafkas_words(string name, string? value, string message) =>
        Assert.Equal(new ConfigVerdict(ErrorCode.InvalidConfig, message), TopicConfigs.Validate(name, value));

    [Theory]
    [InlineData("cleanup.policy", "")]
    [InlineData("cleanup.policy", " compact , delete ")]
    [InlineData("preallocate", "TRUE")]
    [InlineData("retention.ms", " +5 ")]
    [InlineData("leader.replication.throttled.replicas", "*")]
    [InlineData("follower.replication.throttled.replicas", "0:1,12:3")]
    public void Good_values_pass(string name, string value) => Assert.True(TopicConfigs.Validate(name, value).IsValid);

    [Fact]
    public void Lags_that_contradict_each_other_are_refused() =>
        Assert.Equal(
            "Conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)",
            Load().Validate(new Dictionary<string, string> { ["min.compaction.lag.ms"] = "10", ["max.compaction.lag.ms"] = "5" }).Message);

    [Theory]
    [InlineData("latest", true)]
    [InlineData("by_duration:PT1H30M", true)]
    [InlineData("by_duration:P2DT0.5S", true)]
    [InlineData("by_duration:P1D", true)]
    [InlineData("by_duration:P", false)]
    [InlineData("by_duration:PT", false)]
    [InlineData("by_duration:P1M", false)]
    [InlineData("by_duration:-PT1H", false)]
    [InlineData("by_duration:PT1M1H", false)]
    [InlineData("by_duration:PT1.5H", false)]
    [InlineData("by_duration:PT1", false)]
    [InlineData("none", false)]
    public void The_reset_of_a_share_group_is_a_name_or_a_duration(string value, bool isValid) =>
        Assert.Equal(isValid, GroupResourceConfigs.Validate("share.auto.offset.reset", value).IsValid);

    [Theory]
    [InlineData("log.dirs", "/x", false, "Cannot update these configs dynamically: Set(log.dirs)")]
    [InlineData("ssl.keystore.location", "/x", true, "Cannot update these configs at default cluster level, broker id must be specified: Set(ssl.keystore.location)")]
    [InlineData("log.cleaner.threads", "x", false, "Invalid value x for configuration log.cleaner.threads: Not a number of type INT")]
    [InlineData("log.cleaner.threads", "2", true, null)]
    [InlineData("no.such.broker", "1", false, null)]
    public void Changes_of_the_broker_at_run_time_are_checked(string name, string value, bool everyBroker, string? message) =>
        Assert.Equal(
            new ConfigVerdict(message is null ? ErrorCode.None : ErrorCode.InvalidRequest, message),
            DynamicConfigs.Validate(new Dictionary<string, string> { [name] = value }, everyBroker));

    [Fact]
    public void Limits_of_the_network_come_from_the_table()
    {
        Assert.Equal(new Samsa.Network.NetworkOptions() with { MaxConnectionsPerIpOverrides = null! }, Load().ToNetworkOptions() with { MaxConnectionsPerIpOverrides = null! });
        Assert.Equal(new Samsa.Network.SocketTransportOptions(), Load().ToSocketOptions());
        Assert.Equal(102_400, Load("socket.send.buffer.bytes=102400").ToSocketOptions().SendBufferBytes);
        Assert.Equal(5, Load("max.connections.per.ip.overrides=10.0.0.1:5,[::1]:6").ToNetworkOptions().MaxConnectionsPerIpOverrides[System.Net.IPAddress.Parse("10.0.0.1")]);
        Assert.Throws<ConfigException>(() => Load("max.connections.per.ip.overrides=10.0.0.1"));
    }
}
