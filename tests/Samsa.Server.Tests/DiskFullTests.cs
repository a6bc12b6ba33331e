using System.Diagnostics;
using System.Net;
using Samsa.Interop.Processes;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

/// <summary>A whole broker, metadata log and all, on a small file system that fills up.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task A_broker_on_a_full_disk_refuses_writes_serves_reads_and_writes_again_when_there_is_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small tmpfs needs root");
        using var folder = new TemporaryDirectory();
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder.Path), "tmpfs may not be mounted here");
        try
        {
            var settings = new BrokerSettings(Path.Combine(folder.Path, "data"), FreePort.Next());
            long written;
            await using (var broker = await BrokerProcess.StartAsync(settings))
            {
                written = FillAndRecover(broker, folder.Path);
                Assert.True(await broker.StopAsync() == 0, broker.Log);
            }

            await using var again = await BrokerProcess.StartAsync(settings);
            using var client = new WireClient(IPEndPoint.Parse(again.Bootstrap));
            Assert.Equal(written, Produce(client, "t").BaseOffset.Value);
        }
        finally
        {
            Run("umount", "-l", folder.Path);
        }
    }

    private static long FillAndRecover(BrokerProcess broker, string mount)
    {
        using var client = new WireClient(IPEndPoint.Parse(broker.Bootstrap));
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        var written = 0L;
        while (Produce(client, "t").ErrorCode == ErrorCode.None)
        {
            Assert.InRange(++written, 1, 60);
        }

        Assert.InRange(written, 10, 60);
        Assert.Equal(ErrorCode.KafkaStorageError, Produce(client, "t").ErrorCode);
        Assert.Single(ProduceAndFetchTests.Fetch(client, "t", written - 1));
        Assert.False(broker.HasExited, broker.Log);

        Assert.True(Run("mount", "-o", "remount,size=48m", mount));
        for (var i = 0; i < 5; i++, written++)
        {
            var answer = Produce(client, "t");
            Assert.Equal((ErrorCode.None, written), (answer.ErrorCode, answer.BaseOffset.Value));
        }

        var topic = client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "new" }] }, 12).Topics[0];
        Assert.Equal(ErrorCode.None, topic.ErrorCode);
        Assert.Equal(ErrorCode.None, Produce(client, "new").ErrorCode);
        return written;
    }

    private static ProduceResponse.PartitionProduceResponse Produce(WireClient client, string topic) =>
        client.Call<ProduceResponse>(ProduceAndFetchTests.ProduceRequest(topic, 1, new string('x', 500_000)), 9).Responses[0].PartitionResponses[0];

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        Assert.True(process.WaitForExit(20_000));
        return process.ExitCode == 0;
    }
}
