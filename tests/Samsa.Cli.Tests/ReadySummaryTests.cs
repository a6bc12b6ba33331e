using Samsa.Broker.Configuration;
using Samsa.Cli.Serving;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Cli.Tests;

public sealed class ReadySummaryTests
{
    private static readonly RecoverySummary Nothing = new()
    {
        IsClean = true, Partitions = 0, SegmentsScanned = 0, BytesScanned = 0, BytesTruncated = 0, Elapsed = TimeSpan.Zero,
        Offline = new Dictionary<TopicPartition, string>(), OfflineDirectories = new Dictionary<string, string>(),
    };

    [Fact]
    public void A_new_broker_has_no_partitions_and_nothing_to_recover() =>
        Assert.Equal("PLAINTEXT://localhost:9092, data in /d (0 partitions), admin http://127.0.0.1:9644", Summary(Nothing, 0, "http://127.0.0.1:9644"));

    [Fact]
    public void After_a_clean_stop_it_says_so() =>
        Assert.Equal("PLAINTEXT://localhost:9092, data in /d (12 partitions, stopped cleanly before)", Summary(Nothing with { Partitions = 12 }, 12));

    [Fact]
    public void After_an_unclean_stop_it_says_what_was_checked_cut_off_and_lost()
    {
        var recovery = Nothing with
        {
            IsClean = false,
            Partitions = 1,
            BytesScanned = 12_345_678,
            BytesTruncated = 17,
            Offline = new Dictionary<TopicPartition, string> { [new("t", 0)] = "corrupt" },
        };

        Assert.Equal(
            "PLAINTEXT://localhost:9092, data in /d (1 partition, recovered after an unclean stop, 12.3 MB checked, 17 bytes cut off, 1 partition OFFLINE)",
            Summary(recovery, 1));
    }

    [Fact]
    public void Listeners_show_the_port_they_got_and_a_star_for_every_address()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Listeners = "PLAINTEXT://:0,OTHER://[::1]:7", Set = ["listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT"] });

        var summary = ReadySummary.Of(config.Listeners, name => name == "OTHER" ? 7 : 4242, ["/d"], Nothing, 0, null);

        Assert.StartsWith("PLAINTEXT://*:4242, OTHER://[::1]:7, data in /d", summary, StringComparison.Ordinal);
    }

    private static string Summary(RecoverySummary recovery, int partitions, string? admin = null) =>
        ReadySummary.Of(BrokerConfig.Load(new BrokerConfigSources()).Listeners, _ => 9092, ["/d"], recovery, partitions, admin);
}
