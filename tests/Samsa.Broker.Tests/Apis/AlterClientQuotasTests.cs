using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class AlterClientQuotasTests
{
    [Theory]
    [InlineData("client-id", "producer_byte_rate", 10, ErrorCode.None)]
    [InlineData("client-id", "no_such_rate", 10, ErrorCode.InvalidRequest)]
    [InlineData("client-id", "producer_byte_rate", -1, ErrorCode.InvalidRequest)]
    [InlineData("colour", "producer_byte_rate", 10, ErrorCode.InvalidRequest)]
    public async Task Quotas_that_mean_nothing_are_refused(string entity, string key, double value, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(error, await AlterAsync(broker, entity, key, value));
        Assert.Equal(error == ErrorCode.None ? 1 : 0, broker.Image.ClientQuotas.Count);
    }

    internal static async Task<ErrorCode> AlterAsync(TestBroker broker, string entity, string key, double value)
    {
        var request = new AlterClientQuotasRequest
        {
            Entries = [new() { Entity = [new() { EntityType = entity, EntityName = "c" }], Ops = [new() { Key = key, Value = value }] }],
        };
        return (await broker.CallAsync<AlterClientQuotasResponse>(request)).Entries[0].ErrorCode;
    }
}
