using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Samsa.Broker.Metrics;
using Samsa.Model;

namespace Samsa.Broker.Tests.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly BrokerMetrics _metrics;
    private readonly Meter _meter;
    private readonly PrometheusExporter _exporter;
    private readonly List<LogDirectoryReading> _directories = [];

    public PrometheusExporterTests()
    {
        _metrics = new BrokerMetrics(new BrokerReadings
        {
            Partitions = () => new PartitionCounts(Hosted: 5, Led: 4, Offline: 1, UnderReplicated: 2, UnderMinIsr: 3, AtMinIsr: 1),
            LogDirectories = () => _directories,
            IsReady = () => true,
        });
        _meter = _metrics.MakeMeter("Samsa.Tests");
        _exporter = new PrometheusExporter(_metrics);
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void A_counter_is_summed_by_label()
    {
        var counter = _meter.CreateCounter<long>("samsa.test.bytes.sent", "By", "Bytes\nsent.");
        counter.Add(3, new KeyValuePair<string, object?>("topic", "a"), new("partition", 1));
        counter.Add(4, new KeyValuePair<string, object?>("topic", "a"), new("partition", 1));
        counter.Add(5, new KeyValuePair<string, object?>("topic", "q\"\\\n"), new("partition", 2));

        var lines = Scrape("samsa_test_bytes_sent");
        Assert.Equal("# HELP samsa_test_bytes_sent_bytes_total Bytes\\nsent.", lines[0]);
        Assert.Equal("# TYPE samsa_test_bytes_sent_bytes_total counter", lines[1]);
        Assert.Equal(
            [
                "samsa_test_bytes_sent_bytes_total{topic=\"a\",partition=\"1\"} 7",
                "samsa_test_bytes_sent_bytes_total{topic=\"q\\\"\\\\\\n\",partition=\"2\"} 5",
            ],
            lines[2..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_sum_and_count()
    {
        var histogram = _meter.CreateHistogram("samsa.test.wait", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.1, 0.25, 1.5, 0.05 })
        {
            histogram.Record(value);
        }

        Assert.Equal(
            [
                "# HELP samsa_test_wait_seconds Waits.", "# TYPE samsa_test_wait_seconds histogram",
                "samsa_test_wait_seconds_bucket{le=\"0.1\"} 2", "samsa_test_wait_seconds_bucket{le=\"1\"} 3", "samsa_test_wait_seconds_bucket{le=\"+Inf\"} 4",
                "samsa_test_wait_seconds_sum 1.9000000000000001", "samsa_test_wait_seconds_count 4",
            ],
            Scrape("samsa_test_wait"));
    }

    [Fact]
    public void What_is_looked_up_and_gone_is_no_longer_told()
    {
        List<string> topics = ["a", "b"];
        _meter.CreateObservableUpDownCounter("samsa.test.size", () => topics.Select(t => new Measurement<int>(t[0], new KeyValuePair<string, object?>("topic", t))), "{thing}", "Sizes.");

        Assert.Equal(2, Scrape("samsa_test_size{").Length);
        topics.Remove("a");
        Assert.Equal(["samsa_test_size{topic=\"b\"} 98"], Scrape("samsa_test_size{"));
        topics.Clear();
        Assert.Empty(Scrape("samsa_test_size"));
    }

    [Fact]
    public void A_meter_that_is_disposed_takes_its_metrics_along()
    {
        using var other = _metrics.MakeMeter("Samsa.Other");
        other.CreateCounter<int>("samsa.other").Add(1);
        Assert.Contains(_exporter.Families, f => f.MeterName == "Samsa.Other");
        other.Dispose();
        Assert.DoesNotContain(_exporter.Families, f => f.MeterName == "Samsa.Other");
    }

    [Fact]
    public void Other_brokers_meters_are_not_told_but_the_runtimes_is()
    {
        using var neighbour = new BrokerMetrics(new BrokerReadings());
        using var stranger = new Meter("Stranger");
        stranger.CreateCounter<int>("stranger").Add(1);
        Assert.Empty(Scrape("stranger"));
        Assert.Single(Scrape("samsa_ready "), l => !l.StartsWith('#'));
        Assert.NotEmpty(Scrape("dotnet_gc_collections_total"));
    }

    [Fact]
    public void Counting_from_many_threads_loses_nothing()
    {
        var counter = _meter.CreateCounter<long>("samsa.test.many");
        var histogram = _meter.CreateHistogram<double>("samsa.test.many.wait", "s");
        Parallel.For(0, 10_000, i =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("lane", i % 7));
            histogram.Record(0.5);
        });

        Assert.Equal(10_000, Scrape("samsa_test_many_total{").Sum(l => int.Parse(l[(l.LastIndexOf(' ') + 1)..])));
        Assert.Contains("samsa_test_many_wait_seconds_count 10000", Scrape("samsa_test_many_wait"));
    }

    [Fact]
    public void Counting_allocates_nothing_once_a_label_is_known()
    {
        _metrics.RequestServed("Fetch", TimeSpan.FromMilliseconds(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _metrics.RequestServed("Fetch", TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_broker_tells_what_it_counts_and_what_it_looks_up()
    {
        _directories.Add(new LogDirectoryReading("/data", 10, 20, IsOnline: true));
        _metrics.RequestServed("Produce", TimeSpan.FromMilliseconds(3));
        _metrics.ErrorAnswered("Produce", ErrorCode.MessageTooLarge);
        _metrics.ErrorAnswered("Produce", ErrorCode.None);
        var traffic = _metrics.TrafficOf(new TopicPartition("orders", 3));
        traffic.Appended(1000, 7);
        traffic.Fetched(500);

        var lines = Scrape("samsa_");
        Assert.Subset(
            lines.ToHashSet(),
            new HashSet<string>
            {
                "samsa_request_duration_seconds_count{api=\"Produce\"} 1",
                "samsa_request_errors_total{api=\"Produce\",error=\"MESSAGE_TOO_LARGE\"} 1",
                "samsa_partition_received_bytes_total{topic=\"orders\",partition=\"3\"} 1000",
                "samsa_partition_sent_bytes_total{topic=\"orders\",partition=\"3\"} 500",
                "samsa_partition_records_total{topic=\"orders\",partition=\"3\"} 7",
                "samsa_partitions 5", "samsa_partitions_leader 4", "samsa_partitions_offline 1",
                "samsa_partitions_under_replicated 2", "samsa_partitions_under_min_isr 3",
                "samsa_log_directory_free_bytes{directory=\"/data\"} 20", "samsa_ready 1",
            });
        _metrics.Forget(new TopicPartition("orders", 3));
        Assert.Empty(Scrape("samsa_partition_received"));
    }

    private string[] Scrape(string start)
    {
        var output = new ArrayBufferWriter<byte>();
        _exporter.Write(output);
        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n')
            .Where(l => (l.StartsWith('#') ? l[7..] : l).StartsWith(start, StringComparison.Ordinal))];
    }
}
