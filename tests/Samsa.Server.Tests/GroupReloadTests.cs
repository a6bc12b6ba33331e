using System.Diagnostics;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class GroupReloadTests(ITestOutputHelper output)
{
    private const int Groups = 10_000;
    private const int OffsetsOfEach = 10;
    private const int InFlight = 100;

    [Fact]
    public async Task Ten_thousand_groups_with_a_hundred_thousand_offsets_are_there_again_within_seconds()
    {
        await using var server = await TestServer.StartAsync($"num.partitions={OffsetsOfEach}");
        using (var client = server.Connect())
        {
            client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
            await LoadedAsync(client);
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < Groups; i++)
            {
                client.Send(Commit(i), 8);
                if (i % InFlight == InFlight - 1)
                {
                    for (var answers = 0; answers < InFlight; answers++)
                    {
                        Assert.All(client.Receive<OffsetCommitResponse>(ApiKey.OffsetCommit, 8).Topics[0].Partitions, p => Assert.Equal(ErrorCode.None, p.ErrorCode));
                    }
                }
            }

            output.WriteLine($"{Groups} commits of {OffsetsOfEach} offsets: {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s");
        }

        await server.RestartAsync();
        var ready = Stopwatch.GetTimestamp();
        using (var client = server.Connect())
        {
            await LoadedAsync(client);
            var elapsed = Stopwatch.GetElapsedTime(ready);
            output.WriteLine($"all groups after the start: {elapsed.TotalSeconds:F2} s");
            Assert.Equal(Groups, client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).Groups.Length);
            foreach (var i in (int[])[0, 17, Groups - 1])
            {
                var positions = client.Call<OffsetFetchResponse>(new OffsetFetchRequest { Groups = [new() { GroupId = $"group-{i}", Topics = null }] }, 9).Groups[0].Topics[0].Partitions;
                Assert.Equal(Enumerable.Range(0, OffsetsOfEach).Select(p => (long)i + p), positions.Select(p => p.CommittedOffset.Value));
            }

            // In a debug build, on a busy machine, among other tests; docs/performance.md has the figure.
            Assert.True(elapsed < TimeSpan.FromSeconds(20), $"{elapsed}");
        }
    }

    private static OffsetCommitRequest Commit(int group) => new()
    {
        GroupId = $"group-{group}",
        GenerationIdOrMemberEpoch = -1,
        Topics =
        [
            new()
            {
                Name = "t",
                Partitions =
                [
                    .. Enumerable.Range(0, OffsetsOfEach).Select(p => new OffsetCommitRequest.OffsetCommitRequestPartition
                    {
                        PartitionIndex = p, CommittedOffset = new(group + p), CommittedMetadata = "",
                    }),
                ],
            },
        ],
    };

    private static async Task LoadedAsync(WireClient client)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (client.Call<FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = ["g"] }, 4).Coordinators[0].ErrorCode != ErrorCode.None
            || client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).ErrorCode != ErrorCode.None)
        {
            Assert.True(DateTime.UtcNow < deadline, "no coordinator");
            await Task.Yield();
        }
    }
}
