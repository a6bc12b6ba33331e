using CsCheck;
using Samsa.Core.Fetching;
using Samsa.Model;

namespace Samsa.Core.Tests.Fetching;

public sealed class FetchSessionClientTests
{
    // What the follower wants in a round, by partition: the offset, or nothing where the partition rests; and what becomes of the round.
    private static readonly Gen<(int[] Offsets, int Fate)[]> s_rounds = Gen.Select(Gen.Int[-1, 3].Array[5], Gen.Int[0, 9]).Array[1, 30];

    [Fact]
    public void Whatever_gets_lost_the_leader_reads_exactly_what_the_follower_wants() => s_rounds.Sample(rounds =>
    {
        var next = 0;
        var cache = new FetchSessionCache(slots: 1, minEvictionMs: 1000, () => ++next);
        var client = new FetchSessionClient();
        foreach (var (offsets, fate) in rounds)
        {
            var wanted = Wanted(offsets);
            var request = client.Next(wanted);
            if (fate == 0)
            {
                // It never arrives.
                client.OnFailure(ErrorCode.NetworkException);
                continue;
            }

            if (fate == 1)
            {
                // The leader starts anew and knows nothing.
                cache = new FetchSessionCache(slots: 1, minEvictionMs: 1000, () => ++next);
            }

            var context = cache.Begin(
                request.SessionId, request.Epoch, [.. request.Changed.Select(c => Target(c.Key, c.Value))], request.Forgotten, true, true, 0);
            if (context.Error != ErrorCode.None)
            {
                client.OnFailure(context.Error);
                continue;
            }

            Assert.Equal(wanted, context.Targets.ToDictionary(t => t.Key, PositionOf));
            Assert.Equal(wanted, client.Told.ToDictionary());
            var session = cache.End(context, 0);
            if (fate == 2)
            {
                // The answer gets lost.
                client.OnFailure(ErrorCode.NetworkException);
            }
            else
            {
                client.OnAnswer(session);
            }
        }
    });

    [Fact]
    public void In_a_session_only_what_changed_is_named()
    {
        var client = new FetchSessionClient();
        Assert.Equal(3, client.Next(Wanted([1, 1, 1])).Changed.Count);
        client.OnAnswer(77);
        var request = client.Next(Wanted([1, 2, -1]));
        Assert.Equal((77, 1), (request.SessionId, request.Epoch));
        Assert.Equal(1, Assert.Single(request.Changed).Key.Partition);
        Assert.Equal(2, Assert.Single(request.Forgotten).Partition);
    }

    private static Dictionary<FetchKey, FetchPosition> Wanted(int[] offsets)
    {
        var wanted = new Dictionary<FetchKey, FetchPosition>();
        for (var p = 0; p < offsets.Length; p++)
        {
            if (offsets[p] >= 0)
            {
                wanted[new FetchKey("", TopicId.None, p)] = new FetchPosition(new Offset(offsets[p]), Offset.Zero, new LeaderEpoch(1), new LeaderEpoch(0));
            }
        }

        return wanted;
    }

    private static FetchTarget Target(FetchKey key, FetchPosition position) => new(key)
    {
        FetchOffset = position.From,
        LogStartOffset = position.LogStartOffset,
        CurrentLeaderEpoch = position.CurrentLeaderEpoch,
        LastFetchedEpoch = position.LastFetchedEpoch,
    };

    private static FetchPosition PositionOf(FetchTarget target) =>
        new(target.FetchOffset, target.LogStartOffset, target.CurrentLeaderEpoch, target.LastFetchedEpoch);
}
