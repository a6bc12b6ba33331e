using System.Diagnostics;
using System.Globalization;
using System.Net;
using Samsa.Interop.Processes;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests.Hostile;

/// <summary>A broker among hostile peers: whoever behaves is served as before, and its memory stays bounded.</summary>
[Collection(nameof(AloneCollection))]
public sealed class HostileClientsTests(ITestOutputHelper output)
{
    private const double LeastShare = 0.9;
    private const int PairsPerRound = 15;

    // A busy machine blurs single pairs by a factor of two and more: it takes many of them then, and few otherwise.
    private const int Rounds = 10;
    private const long AnswersBudget = 32 << 20;
    private const long MostMegabytes = 400;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task Who_behaves_keeps_nine_tenths_of_the_throughput_while_the_others_do_not()
    {
        using var data = new TemporaryDirectory();
        var settings = new BrokerSettings(data.Path, FreePort.Next())
        {
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["samsa.max.unsent.fetch.bytes"] = AnswersBudget.ToString(CultureInfo.InvariantCulture),
            },
        };
        await using var broker = await BrokerProcess.StartAsync(settings);
        var endPoint = IPEndPoint.Parse(broker.Bootstrap);
        using var good = new WireClient(endPoint);
        good.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "large" }, new() { Name = "good" }, new() { Name = "bombed" }] }, 12);
        Fill(good, "large", megabytes: 64);
        Work(good, s_window * 5);

        await using (var crowd = new HostileCrowd(endPoint, "large"))
        {
            var ratios = new List<double>();
            for (var round = 0; round < Rounds && (round == 0 || Median(ratios) < LeastShare); round++)
            {
                Compare(good, crowd, ratios);
            }

            var peak = ResidentBytes.Most(broker.Pid) >> 20;
            output.WriteLine($"{crowd.Attacks} attacks, share {Median(ratios):F3} of {ratios.Count} pairs, {peak} MB at the peak");
            Assert.InRange(crowd.Attacks, 100, int.MaxValue);
            Assert.True(Median(ratios) >= LeastShare, $"{Median(ratios):F3} of the throughput is left: {string.Join(' ', ratios.Select(r => r.ToString("F2", CultureInfo.InvariantCulture)))}");
            Assert.InRange(peak, 1, MostMegabytes);
        }

        Assert.Equal(0, await broker.StopAsync());
    }

    // Window beside window, so that whatever else the machine does meets both; in turn, so that none is always the first.
    private static void Compare(WireClient good, HostileCrowd crowd, List<double> ratios)
    {
        for (var pair = 0; pair < PairsPerRound; pair++)
        {
            var (quiet, loud) = (0.0, 0.0);
            for (var half = 0; half < 2; half++)
            {
                crowd.IsOn = (pair + half) % 2 == 1;
                var rate = Work(good, s_window);
                (quiet, loud) = crowd.IsOn ? (quiet, rate) : (rate, loud);
            }

            ratios.Add(loud / quiet);
        }

        crowd.IsOn = false;
    }

    /// <summary>Writes and reads back for that long; returns round trips per second.</summary>
    private static double Work(WireClient client, TimeSpan time)
    {
        var produce = ProduceAndFetchTests.ProduceRequest("good", 1, new string('x', 16 << 10));
        var started = Stopwatch.GetTimestamp();
        var done = 0;
        for (; Stopwatch.GetElapsedTime(started) < time; done++)
        {
            var written = client.Call<ProduceResponse>(produce, 9).Responses[0].PartitionResponses[0];
            Assert.Equal(ErrorCode.None, written.ErrorCode);
            var read = client.Call<FetchResponse>(ProduceAndFetchTests.FetchRequest("good", written.BaseOffset.Value, 1000), 12);
            Assert.InRange(read.Responses[0].Partitions[0].Records.Memory.Length, 16 << 10, 1 << 20);
        }

        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Fill(WireClient client, string topic, int megabytes)
    {
        var request = ProduceAndFetchTests.ProduceRequest(topic, 1, new string('x', 1_000_000));
        for (var i = 0; i < megabytes; i++)
        {
            Assert.Equal(ErrorCode.None, client.Call<ProduceResponse>(request, 9).Responses[0].PartitionResponses[0].ErrorCode);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
