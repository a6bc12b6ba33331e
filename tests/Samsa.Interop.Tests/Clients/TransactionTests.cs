using System.Diagnostics;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Clients;

/// <summary>There are no transactions yet: clients that want one are told so, and do not hang.</summary>
public sealed class TransactionTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private readonly ITestOutputHelper _output = output;

    [Theory]
    [InlineData(ClientKind.KafkaJs)]
    [InlineData(ClientKind.ConfluentPython)]
    public async Task A_transaction_is_refused_with_an_error(ClientKind kind)
    {
        long start = Stopwatch.GetTimestamp();
        await using ClientProcess client = ClientProcess.Start(kind, "transaction", new JsonObject { ["bootstrap"] = Bootstrap, ["id"] = "t", ["deadline"] = 20 });

        ClientEvent refusal = await client.NextAsync("error", mayFail: true);

        _output.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s: {refusal}");
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(15), "it took too long");
    }

    [Fact]
    public void A_transaction_is_refused_by_librdkafka_at_once()
    {
        using var producer = KafkaClients.Producer(Bootstrap, c => c.TransactionalId = "t");

        var failure = Assert.ThrowsAny<KafkaException>(() => producer.InitTransactions(TimeSpan.FromSeconds(20)));

        _output.WriteLine(failure.Error.ToString());
        Assert.NotEqual(ErrorCode.Local_TimedOut, failure.Error.Code);
    }
}
