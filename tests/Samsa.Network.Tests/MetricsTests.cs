using System.Diagnostics.Metrics;

namespace Samsa.Network.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Connections_bytes_and_requests_are_counted_per_listener()
    {
        var tickets = new Tickets();
        using var meter = new Meter("Samsa.Network.Tests");
        await using var server = new TestServer(tickets.Begin, meter: meter);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1, 2], [3]);
        var first = await tickets.NextAsync();
        var second = await tickets.NextAsync();
        var counts = Read(meter);
        Assert.Equal(1, counts["samsa.network.connections"]);
        Assert.Equal(2, counts["samsa.network.requests.in_flight"]);
        Assert.Equal(11, counts["samsa.network.received"]);
        Assert.Equal(0, counts["samsa.network.frames.rejected"]);

        second.Answer();
        Assert.Equal(1, Read(meter)["samsa.network.requests.in_flight"]);
        using var bad = await server.ConnectAsync();
        await bad.SendRawAsync(TestClient.Size(-1));
        await bad.EndAsync();
        counts = Read(meter);
        Assert.Equal(1, counts["samsa.network.frames.rejected"]);
        Assert.Equal(2, counts["samsa.network.connections.accepted"]);
        Assert.Equal(2, counts["samsa.network.requests"]);
        first.Answer();
        Assert.Equal(0, Read(meter)["samsa.network.requests.in_flight"]);
    }

    private static Dictionary<string, long> Read(Meter meter)
    {
        var counts = new Dictionary<string, long>();
        using var reader = new MeterListener();
        reader.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        reader.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            counts[instrument.Name] = value;
            if (tags.Length > 0)
            {
                Assert.Equal("PLAINTEXT", tags[0].Value);
            }
        });
        reader.Start();
        reader.RecordObservableInstruments();
        return counts;
    }
}
