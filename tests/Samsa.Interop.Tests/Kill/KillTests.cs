using System.Diagnostics;
using Samsa.Interop.Processes;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Kill;

/// <summary>SIGKILL under load, again and again on the same directory: what was acknowledged stays, once and in order.</summary>
[Collection(nameof(KillTests))]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Partitions = 3;

    [Theory]
    [InlineData(12, false, 20260)]
    [InlineData(4, true, 20261)]
    public async Task Acknowledged_records_outlive_the_process(int rounds, bool flushOnAck, int seed)
    {
        var random = new Random(seed);
        using var data = new TemporaryDirectory();
        var settings = new BrokerSettings(data.Path, FreePort.Next())
        {
            // Small segments, so that kills fall on rolls too.
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["log.segment.bytes"] = "2000000",
                ["samsa.flush.on.ack"] = flushOnAck ? "true" : "false",
            },
        };
        BrokerProcess broker = await BrokerProcess.StartAsync(settings);
        try
        {
            await KafkaClients.CreateTopicAsync(broker.Bootstrap, "kill-idempotent", Partitions);
            await KafkaClients.CreateTopicAsync(broker.Bootstrap, "kill-plain", Partitions);
            using var idempotent = new KillWorkload(broker.Bootstrap, "kill-idempotent", Partitions, idempotent: true);
            using var plain = new KillWorkload(broker.Bootstrap, "kill-plain", Partitions, idempotent: false);
            idempotent.Start();
            plain.Start();
            for (int round = 0; round < rounds; round++)
            {
                KillWorkload watched = round % 2 == 0 ? idempotent : plain;
                await AcknowledgedAsync(watched, random.Next(1, flushOnAck ? 1_000 : 6_000), broker);
                broker.Kill();
                await broker.DisposeAsync();
                if (round % 4 == 3)
                {
                    InterruptRecovery(settings, TimeSpan.FromMilliseconds(random.Next(50, 600)));
                }

                broker = BrokerProcess.Spawn(settings);
                output.WriteLine($"round {round}: {idempotent.AcknowledgedCount} + {plain.AcknowledgedCount} acknowledged; {await broker.WhenReadyAsync()}");
            }

            idempotent.Finish();
            plain.Finish();
            idempotent.Verify(broker.Bootstrap);
            plain.Verify(broker.Bootstrap);
        }
        catch (Exception)
        {
            output.WriteLine($"seed {seed}\n{broker.Log}");
            throw;
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    /// <summary>A second kill while the broker is still on its feet again: recovery must be repeatable.</summary>
    private static void InterruptRecovery(BrokerSettings settings, TimeSpan after)
    {
        BrokerProcess interrupted = BrokerProcess.Spawn(settings);
        Assert.False(interrupted.EndsWithin(after), $"the broker ended by itself\n{interrupted.Log}");
        interrupted.Kill();
    }

    private static async Task AcknowledgedAsync(KillWorkload workload, int records, BrokerProcess broker)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await workload.AcknowledgesAsync(records).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new BrokerFailedException($"no {records} acknowledgements within {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s\n{broker.Log}");
        }
    }
}
