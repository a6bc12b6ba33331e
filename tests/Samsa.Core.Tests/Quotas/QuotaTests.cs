using CsCheck;
using Samsa.Core.Quotas;

namespace Samsa.Core.Tests.Quotas;

public sealed class QuotaTests
{
    private static readonly QuotaWindow Window = new(11, 1000);

    [Fact]
    public void A_client_that_waits_as_long_as_it_is_told_stays_near_its_limit() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var random = new Random(seed);
        var sensors = new ClientQuotaSensors(Window, Window);
        var limit = new QuotaLimit(1000, new(null, "c", null));
        var now = 1_000_000L + random.Next(5000);
        var (start, sent) = (now, 0.0);
        while (now - start < 120_000)
        {
            var amount = random.Next(1, 5000);
            sent += amount;
            now += sensors.Record(QuotaType.ProducerByteRate, limit, amount, now) + random.Next(20);
        }

        // A burst of one window is free; the window measured may be short of its length by one sample.
        Assert.InRange(sent, 0, ((now - start) * 1.25) + 11_000 + 5000);
        Assert.True(sent > (now - start) * 0.7, $"{sent} in {now - start} ms");
    }, iter: 200);

    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(20_000, 10_000)]
    [InlineData(15_000, 5_000)]
    [InlineData(10_000_000, 11_000)]
    public void The_throttle_time_is_what_brings_the_average_back_and_at_most_the_window(double total, long expectedMs) =>
        Assert.Equal(expectedMs, new RateWindow(Window).ThrottleMs(total, 1000, 50_000));

    [Fact]
    public void What_left_the_window_does_not_count()
    {
        var rate = new RateWindow(Window);
        rate.Record(5, 10_000);
        Assert.Equal(5, rate.Total(20_999));
        Assert.Equal(0, rate.Total(21_000));
        rate.Record(1, 500_000);
        Assert.Equal(1, rate.Total(500_000));
    }

    [Fact]
    public void What_is_refused_is_not_counted_and_what_never_fits_passes_when_all_is_quiet()
    {
        var sensors = new ClientQuotaSensors(Window, Window);
        var limit = new QuotaLimit(10, new(null, "c", null));
        Assert.Equal(0, sensors.TryRecord(QuotaType.ConsumerByteRate, limit, 1000, 100_000));
        var wait = sensors.TryRecord(QuotaType.ConsumerByteRate, limit, 1, 100_100);
        Assert.Equal(wait, sensors.TryRecord(QuotaType.ConsumerByteRate, limit, 1, 100_100));
        Assert.InRange(wait, 1, Window.LengthMs);
        Assert.Equal(0, sensors.TryRecord(QuotaType.ConsumerByteRate, limit, 1000, 100_100 + Window.LengthMs));
    }

    [Fact]
    public void Mutations_may_come_in_a_burst_and_then_wait_until_the_debt_is_paid()
    {
        var sensors = new ClientQuotaSensors(Window, Window);
        var limit = new QuotaLimit(1, new("u", null, null));
        Assert.Equal(0, sensors.Mutate(limit, 21, isStrict: true, 1000));
        Assert.Equal(10_000, sensors.Mutate(limit, 1, isStrict: true, 1000));
        Assert.Equal(1, sensors.Mutate(limit, 1, isStrict: true, 10_999));
        Assert.Equal(0, sensors.Mutate(limit, 1, isStrict: true, 11_000));
        Assert.Equal(6_000, sensors.Mutate(limit, 5, isStrict: false, 11_000));
    }

    [Fact]
    public void Made_up_client_ids_cost_no_memory_without_bound_and_quiet_ones_are_forgotten()
    {
        var sensors = new ClientQuotaSensors(Window, Window);
        for (var i = 0; i < 3 * ClientQuotaSensors.MaxSensors; i++)
        {
            sensors.Record(QuotaType.ProducerByteRate, new QuotaLimit(1, new(null, $"c{i}", null)), 1, 20_000);
        }

        Assert.InRange(sensors.Count, 1, ClientQuotaSensors.MaxSensors + 1);
        sensors.Record(QuotaType.ProducerByteRate, new QuotaLimit(1, new(null, "c", null)), 1, 20_000 + Window.LengthMs);
        Assert.Equal(1, sensors.Count);
    }

    [Fact]
    public void The_quota_that_names_a_client_most_exactly_counts()
    {
        QuotaEntity[] byPrecedence =
        [
            new("u", "c", null), new("u", "", null), new("u", null, null), new("", "c", null), new("", "", null), new("", null, null),
            new(null, "c", null), new(null, "", null),
        ];
        for (var first = 0; first < byPrecedence.Length; first++)
        {
            var cluster = new Metadata.Cluster(1);
            for (var i = first; i < byPrecedence.Length; i++)
            {
                Alter(cluster, byPrecedence[i], "producer_byte_rate", i + 1);
            }

            var found = new ClientQuotaTable(cluster.Image.ClientQuotas).Find(QuotaType.ProducerByteRate, "u", "c");
            Assert.Equal(first + 1, found!.Value.PerSecond);
            Assert.Equal(byPrecedence[first].User is null ? null : "u", found.Value.SharedBy.User);
            Assert.Equal(byPrecedence[first].ClientId is null ? null : "c", found.Value.SharedBy.ClientId);
        }
    }

    [Fact]
    public void A_limit_that_is_removed_is_gone()
    {
        var cluster = new Metadata.Cluster(1);
        Alter(cluster, new(null, "", null), "producer_byte_rate", 5);
        Alter(cluster, new(null, "", null), "producer_byte_rate", null);
        Assert.Empty(cluster.Image.ClientQuotas);
        Assert.False(new ClientQuotaTable(cluster.Image.ClientQuotas).Has(QuotaType.ProducerByteRate));
    }

    private static void Alter(Metadata.Cluster cluster, QuotaEntity entity, string key, double? value) => cluster.Commit(ClientQuotaAlteration.Decide(
        cluster.Image, [new QuotaWish([.. entity.Parts], [new(key, value)])], static _ => true));
}
