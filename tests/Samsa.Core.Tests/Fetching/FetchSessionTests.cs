using CsCheck;
using Samsa.Core.Fetching;
using Samsa.Model;

namespace Samsa.Core.Tests.Fetching;

public sealed class FetchSessionTests
{
    private int _nextId;

    [Fact]
    public void A_session_answers_only_what_is_new()
    {
        var cache = Cache();
        var first = Open(cache, "a", "b");
        Assert.All(first.Targets, t => Assert.True(first.HasNews(t, News(10))));
        SayAll(first, 10);
        var id = cache.End(first, 0);
        Assert.NotEqual(0, id);

        var second = cache.Begin(id, 1, [], [], false, false, 0);
        Assert.True(second.IsIncremental);
        Assert.Equal(2, second.Targets.Count);
        Assert.All(second.Targets, t => Assert.False(second.HasNews(t, News(10))));
        Assert.True(second.HasNews(second.Targets.First(), News(11)));
        Assert.True(second.HasNews(second.Targets.First(), News(10) with { HasRecords = true }));
        Assert.True(second.HasNews(second.Targets.First(), News(10) with { Error = ErrorCode.NotLeaderOrFollower }));
    }

    [Fact]
    public void An_error_that_is_over_is_news()
    {
        var cache = Cache();
        var first = Open(cache, "a");
        var target = first.Targets.First();
        first.Said(target, News(1) with { Error = ErrorCode.KafkaStorageError });
        var second = cache.Begin(cache.End(first, 0), 1, [], [], false, false, 0);
        Assert.True(second.HasNews(second.Targets.First(), News(1)));
    }

    [Fact]
    public void What_came_with_a_diverging_epoch_is_said_again_for_the_follower_only_cuts_its_log()
    {
        var cache = Cache();
        var first = Open(cache, "a");
        first.Said(first.Targets.First(), News(5) with { MustSay = true });
        var second = cache.Begin(cache.End(first, 0), 1, [Target("a")], [], false, false, 0);
        Assert.True(second.HasNews(second.Targets.First(), News(5)));
        second.Said(second.Targets.First(), News(5));
        Assert.False(second.HasNews(second.Targets.First(), News(5)));
    }

    [Fact]
    public void A_fetcher_that_believes_in_another_epoch_is_told_everything_again()
    {
        var cache = Cache();
        var first = Open(cache, "a");
        SayAll(first, 5);
        var newer = Target("a");
        newer.CurrentLeaderEpoch = new LeaderEpoch(7);
        var second = cache.Begin(cache.End(first, 0), 1, [newer], [], false, false, 0);
        Assert.True(second.HasNews(second.Targets.First(), News(5)));
    }

    [Fact]
    public void Requests_out_of_turn_and_unknown_sessions_are_refused()
    {
        var cache = Cache();
        var id = cache.End(Open(cache, "a"), 0);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, cache.Begin(id + 1, 1, [], [], false, false, 0).Error);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, cache.Begin(id, 2, [], [], false, false, 0).Error);
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, cache.Begin(id, 1, [], [], true, false, 0).Error);
        var running = cache.Begin(id, 1, [], [], false, false, 0);
        Assert.Equal(ErrorCode.None, running.Error);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, cache.Begin(id, 2, [], [], false, false, 0).Error);
        cache.End(running, 0);
        Assert.Equal(ErrorCode.None, cache.Begin(id, 2, [], [], false, false, 0).Error);
    }

    [Fact]
    public void A_final_request_closes_the_session_it_names()
    {
        var cache = Cache();
        var id = cache.End(Open(cache, "a"), 0);
        Assert.Equal(1, cache.Count);
        Assert.Equal(0, cache.End(cache.Begin(id, FetchSession.FinalEpoch, [Target("a")], [], false, false, 0), 0));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_full_cache_keeps_young_sessions_and_gives_up_old_ones()
    {
        var cache = Cache(slots: 1);
        var first = cache.End(Open(cache, "a"), 0);
        Assert.Equal(0, cache.End(Open(cache, "b", now: 1000), 1000));
        Assert.NotEqual(0, cache.End(cache.Begin(0, 0, [Target("c")], [], false, isFollower: true, 1500), 1500));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, cache.Begin(first, 1, [], [], false, false, 1500).Error);
        Assert.NotEqual(0, cache.End(Open(cache, "d", now: 200_000), 200_000));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void What_was_served_goes_to_the_end_of_the_line()
    {
        var cache = Cache();
        var first = Open(cache, "a", "b", "c");
        first.Said(first.Targets.First(), News(1) with { HasRecords = true });
        var second = cache.Begin(cache.End(first, 0), 1, [], [], false, false, 0);
        Assert.Equal(["b", "c", "a"], second.Targets.Select(t => t.Key.Topic));
    }

    [Fact]
    public void Partitions_come_and_go_as_the_requests_say() => Gen.Int[0, 100_000].Sample(seed =>
    {
        var random = new Random(seed);
        var cache = Cache();
        var expected = new HashSet<string> { "a" };
        var id = cache.End(Open(cache, "a"), 0);
        for (var epoch = 1; epoch < 20; epoch++)
        {
            string[] add = [.. Enumerable.Range(0, random.Next(3)).Select(_ => ((char)('a' + random.Next(6))).ToString())];
            string[] drop = [.. Enumerable.Range(0, random.Next(2)).Select(_ => ((char)('a' + random.Next(6))).ToString())];
            expected.ExceptWith(drop);
            expected.UnionWith(add);
            var context = cache.Begin(id, epoch, [.. add.Select(Target)], [.. drop.Select(d => Target(d).Key)], false, false, 0);
            Assert.Equal(ErrorCode.None, context.Error);
            Assert.Equal(expected.Order(), context.Targets.Select(t => t.Key.Topic).Order());
            Assert.Equal(id, cache.End(context, 0));
        }
    });

    private FetchSessionCache Cache(int slots = 10) => new(slots, 120_000, () => ++_nextId);

    private static FetchContext Open(FetchSessionCache cache, params string[] topics) => cache.Begin(0, 0, [.. topics.Select(Target)], [], false, false, 0);

    private static FetchContext Open(FetchSessionCache cache, string topic, long now) => cache.Begin(0, 0, [Target(topic)], [], false, false, now);

    private static FetchTarget Target(string topic) => new(new FetchKey(topic, TopicId.None, 0));

    private static FetchNews News(long highWatermark) => new(ErrorCode.None, new Offset(highWatermark), Offset.Zero, false, false);

    private static void SayAll(FetchContext context, long highWatermark)
    {
        foreach (var target in context.Targets.ToArray())
        {
            context.Said(target, News(highWatermark));
        }
    }
}
