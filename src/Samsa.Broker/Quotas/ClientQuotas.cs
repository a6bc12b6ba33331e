using System.Net;
using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Core.Quotas;

namespace Samsa.Broker.Quotas;

/// <summary>
/// What clients may use (KIP-13, KIP-124, KIP-219, KIP-599, KIP-612): counts, and says for how long to throttle. Where nobody has a quota
/// of a kind, asking costs a look into a table; otherwise one short lock. Every client is the user ANONYMOUS.
/// </summary>
internal sealed class ClientQuotas(MetadataState metadata, BrokerConfig config, BrokerMetrics metrics, TimeProvider time)
{
    private const string User = "ANONYMOUS";
    private readonly Lock _gate = new();
    private readonly QuotaWindow _window = new(config.Get(QuotaConfigs.QuotaWindowNum), 1000L * config.Get(QuotaConfigs.QuotaWindowSizeSeconds));
    private readonly ClientQuotaSensors _sensors = new(
        new(config.Get(QuotaConfigs.QuotaWindowNum), 1000L * config.Get(QuotaConfigs.QuotaWindowSizeSeconds)),
        new(config.Get(QuotaConfigs.ControllerQuotaWindowNum), 1000L * config.Get(QuotaConfigs.ControllerQuotaWindowSizeSeconds)));

    private ClientQuotaTable _table = new(metadata.Image.ClientQuotas);

    /// <summary>Whether anybody's request time is limited, so that it has to be measured.</summary>
    public bool LimitRequests => Table.Has(QuotaType.RequestPercentage);

    private ClientQuotaTable Table
    {
        get
        {
            var quotas = metadata.Image.ClientQuotas;
            var table = Volatile.Read(ref _table);
            if (!ReferenceEquals(table.Source, quotas))
            {
                // Two threads may both make it; the tables are the same.
                table = new ClientQuotaTable(quotas);
                Volatile.Write(ref _table, table);
            }

            return table;
        }
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A client sent a Produce request.</summary>
    /// <returns>For how long it is throttled, in ms.</returns>
    public int Produced(string clientId, int bytes) => Record(QuotaType.ProducerByteRate, clientId, bytes, int.MaxValue);

    /// <summary>The most bytes that one answer to a Fetch may have: what the client's quota allows in a whole window, if that is less.</summary>
    public int MostFetched(string clientId, int otherwise) =>
        Table.Find(QuotaType.ConsumerByteRate, User, clientId) is { } limit
            ? (int)Math.Min(otherwise, Math.Max(1, limit.PerSecond * (_window.LengthMs - _window.SampleMs) / 1000))
            : otherwise;

    /// <summary>A client is about to get records.</summary>
    /// <returns>0 where it may, and they are counted; else for how long it is throttled, in ms.</returns>
    public int Fetching(string clientId, long bytes)
    {
        if (Table.Find(QuotaType.ConsumerByteRate, User, clientId) is not { } limit)
        {
            return 0;
        }

        long throttleMs;
        lock (_gate)
        {
            throttleMs = _sensors.TryRecord(QuotaType.ConsumerByteRate, limit, bytes, NowMs);
        }

        return Count(QuotaType.ConsumerByteRate, throttleMs);
    }

    /// <summary>Threads worked for a client's request.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="elapsed">For how long.</param>
    /// <param name="isTooLate">Whether this answer can no longer tell of it; as in Kafka it counts for the next.</param>
    /// <returns>For how long it is throttled, in ms; at most one sample of the window, as in Kafka.</returns>
    public int Worked(string clientId, TimeSpan elapsed, bool isTooLate) =>
        Record(QuotaType.RequestPercentage, clientId, elapsed.TotalSeconds * 100, isTooLate ? 0 : _window.SampleMs);

    /// <summary>A client wants partitions created or deleted.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="isStrict">Whether it understands THROTTLING_QUOTA_EXCEEDED; else it is served, and throttled afterwards.</param>
    /// <param name="throttleMs">For how long it is throttled, in ms.</param>
    /// <returns>Whether it may.</returns>
    public bool TryMutate(string clientId, int partitions, bool isStrict, out int throttleMs)
    {
        throttleMs = 0;
        if (Table.Find(QuotaType.ControllerMutationRate, User, clientId) is not { } limit)
        {
            return true;
        }

        lock (_gate)
        {
            throttleMs = (int)_sensors.Mutate(limit, partitions, isStrict, NowMs);
        }

        Count(QuotaType.ControllerMutationRate, throttleMs);
        return !isStrict || throttleMs == 0;
    }

    /// <summary>An address connects.</summary>
    /// <returns>Zero where it may, else for how long it should be kept waiting before it is sent away; at most a second, as in Kafka.</returns>
    public TimeSpan Connecting(IPAddress address)
    {
        var table = Table;
        if (!table.Has(QuotaType.ConnectionCreationRate) || table.FindIp(QuotaType.ConnectionCreationRate, address.ToString()) is not { } limit)
        {
            return TimeSpan.Zero;
        }

        long throttleMs;
        lock (_gate)
        {
            throttleMs = _sensors.TryRecord(QuotaType.ConnectionCreationRate, limit, 1, NowMs);
        }

        return TimeSpan.FromMilliseconds(Count(QuotaType.ConnectionCreationRate, Math.Min(throttleMs, 1000)));
    }

    private int Record(QuotaType type, string clientId, double amount, long mostMs)
    {
        if (Table.Find(type, User, clientId) is not { } limit)
        {
            return 0;
        }

        long throttleMs;
        lock (_gate)
        {
            throttleMs = _sensors.Record(type, limit, amount, NowMs);
        }

        return Count(type, Math.Min(throttleMs, mostMs));
    }

    private int Count(QuotaType type, long throttleMs)
    {
        if (throttleMs > 0)
        {
            metrics.Throttled(QuotaKeys.NameOf(type), TimeSpan.FromMilliseconds(throttleMs));
        }

        return (int)throttleMs;
    }
}
