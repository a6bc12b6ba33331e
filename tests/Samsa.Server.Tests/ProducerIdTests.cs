using System.Net;
using Samsa.Interop.Processes;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class ProducerIdTests
{
    [Fact]
    public async Task Producer_ids_never_repeat_however_the_broker_ends()
    {
        using var data = new TemporaryDirectory();
        var settings = new BrokerSettings(data.Path, FreePort.Next());
        var given = new List<long>();
        for (var life = 0; life < 4; life++)
        {
            await using var broker = await BrokerProcess.StartAsync(settings);
            using (var client = new WireClient(IPEndPoint.Parse(broker.Bootstrap)))
            {
                for (var i = 0; i < 20; i++)
                {
                    var answer = client.Call<InitProducerIdResponse>(
                        new InitProducerIdRequest { TransactionalId = null, ProducerId = ProducerId.None, ProducerEpoch = -1 }, 4);
                    Assert.Equal((ErrorCode.None, (short)0), (answer.ErrorCode, answer.ProducerEpoch));
                    given.Add(answer.ProducerId.Value);
                }
            }

            if (life % 2 == 0)
            {
                broker.Kill();
            }
            else
            {
                Assert.Equal(0, await broker.StopAsync());
            }
        }

        Assert.Equal(given.Count, given.Distinct().Count());
    }
}
