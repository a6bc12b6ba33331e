using Confluent.Kafka;
using Samsa.Interop.Processes;
using Samsa.Interop.Tests;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace Samsa.Interop.Tests;

/// <summary>One broker process for all tests that don't kill it; every test uses topics of its own.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    /// <summary>So that a crashed member is missed within seconds, not within the 45 of the default.</summary>
    public static readonly IReadOnlyDictionary<string, string> ShortGroupTimeouts = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["group.initial.rebalance.delay.ms"] = "100",
        ["group.min.session.timeout.ms"] = "1000",
        ["group.consumer.min.session.timeout.ms"] = "1000",
        ["group.consumer.session.timeout.ms"] = "3000",
        ["group.consumer.min.heartbeat.interval.ms"] = "100",
        ["group.consumer.heartbeat.interval.ms"] = "300",
    };

    private readonly TemporaryDirectory _data = new();
    private BrokerProcess? _broker;

    public string Bootstrap => _broker!.Bootstrap;

    public string Log => _broker?.Log ?? "";

    public async ValueTask InitializeAsync()
    {
        // An older system librdkafka is loaded without a word when the packaged one cannot be (bench/Librdkafka.targets).
        Assert.StartsWith("2.16", Library.VersionString, StringComparison.Ordinal);
        _broker = await BrokerProcess.StartAsync(new BrokerSettings(_data.Path, FreePort.Next()) { Properties = ShortGroupTimeouts });
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            int exitCode = await _broker.StopAsync();
            await _broker.DisposeAsync();
            _data.Dispose();
            Assert.Equal(0, exitCode);
        }
    }
}
