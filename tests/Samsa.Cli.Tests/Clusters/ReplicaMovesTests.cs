using Samsa.Cli.Clusters;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Cli.Tests.Clusters;

public sealed class ReplicaMovesTests
{
    [Fact]
    public void A_broker_is_drained_onto_whoever_has_the_fewest_and_not_the_partition_already()
    {
        var topics = Topics([4, 1], [2, 4], [1, 2], [4, 3]);
        var moves = ReplicaMoves.Drain(topics, new BrokerId(4), Ids(1, 2, 3));
        Assert.Equal(["t-0: replicas 3,1", "t-1: replicas 2,1", "t-3: replicas 2,3"], moves.Select(m => m.ToString()));
    }

    [Fact]
    public void Where_nobody_can_take_a_replica_nothing_is_moved() =>
        Assert.Contains("t-0 is on 4,1,2", Assert.Throws<IOException>(() => ReplicaMoves.Drain(Topics([4, 1, 2]), new BrokerId(4), Ids(1, 2, 4))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_topic_or_one_partition_of_it_is_placed()
    {
        var topics = Topics([1, 2], [2, 1]);
        Assert.Equal(2, ReplicaMoves.Place(topics, "t", null, Ids(3, 1)).Count);
        Assert.Equal("t-1: replicas 3,1", Assert.Single(ReplicaMoves.Place(topics, "t", 1, Ids(3, 1))).ToString());
        Assert.Empty(ReplicaMoves.Place(topics, "t", 2, Ids(3, 1)));
        Assert.Empty(ReplicaMoves.Place(topics, "u", null, Ids(3, 1)));
    }

    [Theory]
    [InlineData("cluster", "reassign")]
    [InlineData("cluster", "reassign", "--topic", "t")]
    [InlineData("cluster", "reassign", "--topic", "t", "--replicas", "1", "--cancel")]
    [InlineData("cluster", "reassign", "--from", "1", "--partition", "2", "--to", "2")]
    [InlineData("cluster", "reassign", "--topic", "t", "--replicas", "1,b")]
    [InlineData("cluster", "unregister")]
    public async Task A_command_line_that_says_too_little_or_too_much_is_refused(params string[] arguments) =>
        Assert.Equal(ExitCode.Usage, (await CommandLine.RunAsync(arguments)).ExitCode);

    [Fact]
    public async Task Where_nobody_listens_the_commands_say_so()
    {
        var run = await CommandLine.RunAsync("cluster", "describe", "-b", $"127.0.0.1:{Interop.Processes.FreePort.Next()}");
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.StartsWith("samsa: No connection to 127.0.0.1:", run.Error, StringComparison.Ordinal);
    }

    private static MetadataResponse.MetadataResponseTopic[] Topics(params int[][] replicas) =>
    [
        new()
        {
            Name = "t",
            Partitions = [.. replicas.Select((r, i) => new MetadataResponse.MetadataResponsePartition { PartitionIndex = i, ReplicaNodes = Ids(r) })],
        },
    ];

    private static BrokerId[] Ids(params int[] ids) => Array.ConvertAll(ids, i => new BrokerId(i));
}
