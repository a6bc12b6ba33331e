using System.Buffers;
using Samsa.Broker.Metrics;
using Samsa.Broker.Tests.Configuration;
using Samsa.Model;
using Samsa.Network;

namespace Samsa.Broker.Tests.Metrics;

public sealed class MetricsReferenceTests
{
    [Fact]
    public async Task The_page_says_what_the_instruments_say()
    {
        using var metrics = new BrokerMetrics(new BrokerReadings
        {
            LogDirectories = () => [new LogDirectoryReading("/data", 1, 1, IsOnline: true)],
            ReplicaLags = () => [(new TopicPartition("orders", 0), 1)],
            Groups = () => new GroupReading { Counts = new Dictionary<(string Kind, string State), int> { [("consumer", "Stable")] = 1 } },
        });
        using var exporter = new PrometheusExporter(metrics);
        using var meter = metrics.MakeMeter(NetworkMetrics.MeterName);
        await using var listeners = Listeners.Bind(
            [new ListenerEndpoint("PLAINTEXT", "127.0.0.1", 0)], new NetworkOptions(), new NetworkServices { Meter = meter, Transport = new InMemoryTransport() });
        metrics.RequestServed("Produce", TimeSpan.Zero);
        metrics.ErrorAnswered("Produce", ErrorCode.MessageTooLarge);
        metrics.Throttled("producer_byte_rate", TimeSpan.FromSeconds(1));
        var traffic = metrics.TrafficOf(new TopicPartition("orders", 0));
        traffic.Appended(1, 1);
        traffic.Fetched(1);
        exporter.Write(new ArrayBufferWriter<byte>());
        ReferencePage.ShouldBe("metrics.md", MetricsReference.Render(exporter));
    }
}
