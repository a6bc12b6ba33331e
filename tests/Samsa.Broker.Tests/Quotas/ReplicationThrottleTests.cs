using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Tests.Quotas;

public sealed class ReplicationThrottleTests
{
    private const string Rate = "follower.replication.throttled.rate";
    private readonly FakeTimeProvider _time = new();
    private readonly MetadataState _metadata = new();
    private readonly ReplicationThrottle _throttle;
    private int _next;

    public ReplicationThrottleTests() => _throttle = Throttle(_time, _metadata);

    [Fact]
    public void Without_a_rate_nothing_is_too_much()
    {
        Assert.False(_throttle.IsLimited);
        _throttle.Record(int.MaxValue);
        Assert.False(_throttle.IsExceeded);
    }

    [Fact]
    public void More_than_a_window_is_worth_is_too_much_until_the_window_has_passed()
    {
        Set(ConfigResource.EveryBroker, Rate, "1000");
        _throttle.Record(10_000);
        Assert.False(_throttle.IsExceeded);
        _throttle.Record(1_000);
        Assert.True(_throttle.IsExceeded);
        _time.Advance(TimeSpan.FromSeconds(10.9));
        Assert.True(_throttle.IsExceeded);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_throttle.IsExceeded);
    }

    [Fact]
    public void A_rate_that_is_changed_counts_at_once_for_what_went_before()
    {
        Set(ConfigResource.EveryBroker, Rate, "1000");
        _throttle.Record(20_000);
        Assert.True(_throttle.IsExceeded);
        Set(ConfigResource.EveryBroker, Rate, "3000");
        Assert.False(_throttle.IsExceeded);
        Set(new ConfigResource(ConfigResourceType.Broker, "1"), Rate, "500");
        Assert.True(_throttle.IsExceeded);
    }

    [Theory]
    [InlineData(null, 0, 3, false)]
    [InlineData("*", 7, 4, true)]
    [InlineData("0:3,12:4", 0, 3, true)]
    [InlineData("0:3,12:4", 12, 4, true)]
    [InlineData("0:3,12:4", 0, 4, false)]
    [InlineData("0:3,12:4", 2, 4, false)]
    public void A_topic_names_the_replicas_that_are_throttled(string? named, int partition, int broker, bool isThrottled)
    {
        if (named is not null)
        {
            Set(ConfigResource.Topic("t"), "follower.replication.throttled.replicas", named);
        }

        Assert.Equal(isThrottled, _throttle.Covers(new TopicPartition("t", partition), new BrokerId(broker)));
        Assert.False(_throttle.Covers(new TopicPartition("u", partition), new BrokerId(broker)));
    }

    [Fact]
    public void Whoever_takes_all_that_he_may_gets_what_the_rate_says_give_or_take_a_window() =>
        Gen.Select(Gen.Int[100, 1_000_000], Gen.Int[1, 200], Gen.Int[1, 700].Array[1, 20]).Sample((rate, chunksPerSecond, pauses) =>
        {
            var (time, metadata) = (new FakeTimeProvider(), new MetadataState());
            var throttle = Throttle(time, metadata);
            metadata.Apply(Offset.Zero, [Record(ConfigResource.EveryBroker, Rate, $"{rate}")]);
            var chunk = Math.Max(1, rate / chunksPerSecond);
            var (start, taken, step) = (time.GetUtcNow(), 0L, 0);
            while (time.GetUtcNow() - start < TimeSpan.FromSeconds(60))
            {
                if (throttle.IsExceeded)
                {
                    time.Advance(TimeSpan.FromMilliseconds(pauses[step++ % pauses.Length]));
                }
                else
                {
                    throttle.Record(chunk);
                    taken += chunk;
                }
            }

            const int window = 11;
            Assert.InRange(taken, (60 - window) * (long)rate, (60 + window) * (long)rate + chunk);
        }, iter: 30);

    private static ReplicationThrottle Throttle(TimeProvider time, MetadataState metadata) => new(
        new CurrentConfig(BrokerConfig.Load(new BrokerConfigSources { Set = ["node.id=1"] }), metadata),
        QuotaConfigs.FollowerReplicationThrottledRate,
        TopicConfigs.FollowerReplicationThrottledReplicas,
        time);

    private void Set(ConfigResource resource, string name, string value) => _metadata.Apply(new Offset(_next++), [Record(resource, name, value)]);

    private static ConfigRecord Record(ConfigResource resource, string name, string value) => new()
    {
        ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value,
    };
}
