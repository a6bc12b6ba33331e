using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Core.Metadata;
using Samsa.Core.Quotas;
using Samsa.Model;

namespace Samsa.Broker.Quotas;

/// <summary>
/// The limit of what this broker sends to, or fetches as, replicas that a topic names (KIP-73): so that moving partitions
/// leaves something of disks and network to clients. Only what goes to replicas that are not in sync is counted.
/// </summary>
/// <param name="configs">The settings now.</param>
/// <param name="rate">The limit in bytes per second.</param>
/// <param name="replicas">The topic's setting that names the replicas: <c>*</c> or PARTITION:BROKER,...</param>
/// <param name="time">The clock.</param>
internal sealed class ReplicationThrottle(
    CurrentConfig configs, ConfigKey<long> rate, ConfigKey<IReadOnlyList<string>> replicas, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RateWindow _window = new(new(
        configs.AtStart.Get(QuotaConfigs.ReplicationQuotaWindowNum), 1000L * configs.AtStart.Get(QuotaConfigs.ReplicationQuotaWindowSizeSeconds)));

    /// <summary>Whether there is a limit at all.</summary>
    public bool IsLimited => Rate < long.MaxValue;

    /// <summary>Whether more went through than may.</summary>
    public bool IsExceeded
    {
        get
        {
            if (!IsLimited)
            {
                return false;
            }

            lock (_gate)
            {
                return _window.ThrottleMs(_window.Total(NowMs), Math.Max(1, Rate), NowMs) > 0;
            }
        }
    }

    private long Rate => configs.Broker.Get(rate);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether the replica of a partition on a broker is one of those that the topic names.</summary>
    public bool Covers(TopicPartition partition, BrokerId broker)
    {
        var overrides = configs.OverridesOf(ConfigResource.Topic(partition.Topic));
        return overrides.ContainsKey(replicas.Name)
            && configs.Broker.Get(overrides, replicas) is { Count: > 0 } named
            && (named[0] == "*" || named.Contains($"{partition.Partition}:{broker.Value}"));
    }

    /// <summary>Counts.</summary>
    public void Record(int bytes)
    {
        lock (_gate)
        {
            _window.Record(bytes, NowMs);
        }
    }
}
