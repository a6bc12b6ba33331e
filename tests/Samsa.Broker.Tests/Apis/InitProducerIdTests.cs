using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class InitProducerIdTests
{
    [Fact]
    public async Task No_id_is_given_twice_not_even_after_a_crash()
    {
        await using var broker = await TestBroker.StartAsync();
        var first = await AskAsync(broker);
        Assert.Equal((ErrorCode.None, first.ProducerId.Value + 1), (first.ErrorCode, (await AskAsync(broker)).ProducerId.Value));
        await broker.CrashAsync();
        Assert.True((await AskAsync(broker)).ProducerId.Value > first.ProducerId.Value + 1);
    }

    private static Task<InitProducerIdResponse> AskAsync(TestBroker broker) =>
        broker.CallAsync<InitProducerIdResponse>(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 });
}
