using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

public sealed class LeaderReplicaTests
{
    [Fact]
    public void Alone_a_leader_commits_what_it_appends()
    {
        var leader = Leader(waitsForDisk: false);
        Assert.True(leader.OnAppended(new Offset(7)));
        Assert.Equal(new Offset(7), leader.HighWatermark);
        Assert.False(leader.OnAppended(new Offset(7)));
    }

    [Fact]
    public void Where_the_disk_counts_nothing_is_committed_before_it_was_synced()
    {
        var leader = Leader(waitsForDisk: true);
        Assert.False(leader.OnAppended(new Offset(7)));
        Assert.Equal(Offset.Zero, leader.HighWatermark);
        Assert.True(leader.OnDurable(new Offset(5)));
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Assert.False(leader.OnDurable(new Offset(4)));
        Assert.True(leader.OnDurable(new Offset(9)));
        Assert.Equal(new Offset(7), leader.HighWatermark);
    }

    [Fact]
    public void A_minimum_above_the_number_of_replicas_asks_for_all_of_them() =>
        Assert.True(Leader(waitsForDisk: false).MayAcknowledgeAll(2));

    [Fact]
    public void A_log_that_shrinks_under_its_leader_is_a_bug()
    {
        var leader = Leader(waitsForDisk: false);
        leader.OnAppended(new Offset(7));
        Assert.Throws<InvariantException>(() => leader.OnAppended(new Offset(6)));
    }

    private static LeaderReplica Leader(bool waitsForDisk) =>
        new(new LeaderEpoch(0), Offset.Zero, Offset.Zero, replicaCount: 1, waitsForDisk);
}
