using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Samsa.Model;

namespace Samsa.Broker.Metrics;

/// <summary>
/// The metrics of the broker: what is counted, in which unit, and what it means. Named as OpenTelemetry names things; any
/// listener of System.Diagnostics.Metrics sees them, /metrics among others.
/// </summary>
public sealed class BrokerMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Samsa.Broker";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _flushDuration;
    private readonly Counter<long> _throttled;
    private readonly Counter<double> _throttleTime;
    private readonly ConcurrentDictionary<TopicPartition, PartitionTraffic> _traffic = new();

    /// <summary>Declares the metrics.</summary>
    /// <param name="readings">What is looked up when somebody asks.</param>
    public BrokerMetrics(BrokerReadings readings)
    {
        _meter = MakeMeter(MeterName);
        _requestDuration = _meter.CreateHistogram(
            "samsa.request.duration", "s", "Time from a request's frame to the frame of its answer, waits included.", tags: null, Latencies);
        _errors = _meter.CreateCounter<long>("samsa.request.errors", "{error}", "Errors in answers, by API and error.");
        _throttled = _meter.CreateCounter<long>("samsa.quota.throttled", "{request}", "Requests whose client is above a quota, and connections refused because of one.");
        _throttleTime = _meter.CreateCounter<double>("samsa.quota.throttle.time", "s", "For how long clients above a quota were told to wait, in all.");
        _flushDuration = _meter.CreateHistogram(
            "samsa.log.flush.duration", "s", "Time of one sync to disk.", tags: null, Latencies);
        DeclareTraffic();
        DeclarePartitions(readings);
        DeclareReplication(readings);
        DeclareGroups(readings);
        DeclareDirectories(readings);
        _meter.CreateObservableUpDownCounter("samsa.fetch.waiting", readings.WaitingFetches, "{request}", "Fetches that wait for records.");
        _meter.CreateObservableUpDownCounter("samsa.fetch.sessions", readings.FetchSessions, "{session}", "Incremental fetch sessions (KIP-227).");
        _meter.CreateObservableUpDownCounter("samsa.metadata.behind", readings.MetadataBehind, "{record}", "Committed records of the metadata log that this node has not applied yet, as of the controller's last answer.");
        _meter.CreateObservableUpDownCounter("samsa.ready", () => readings.IsReady() ? 1 : 0, unit: null, "1 while the broker serves.");
        _meter.CreateObservableCounter("samsa.log.entries.dropped", readings.DroppedLogEntries, "{entry}", "Entries of the broker's own log that came faster than they could be written.");
    }

    /// <summary>
    /// A meter for another part of this broker, told on its /metrics; for example that of the network,
    /// <see cref="Network.NetworkServices.Meter"/>. Whoever asks for it disposes it.
    /// </summary>
    public Meter MakeMeter(string name) => new(new MeterOptions(name) { Scope = this });

    /// <summary>A request was answered.</summary>
    /// <param name="api">Name of its API.</param>
    /// <param name="elapsed">From its frame to the frame of its answer.</param>
    public void RequestServed(string api, TimeSpan elapsed) =>
        _requestDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("api", api));

    /// <summary>An answer told of an error, for the whole request or for a part of it.</summary>
    /// <param name="api">Name of its API.</param>
    /// <param name="error">The error; success isn't counted.</param>
    public void ErrorAnswered(string api, ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            _errors.Add(1, new KeyValuePair<string, object?>("api", api), new KeyValuePair<string, object?>("error", error.Describe().Name));
        }
    }

    /// <summary>A log was brought to disk.</summary>
    /// <param name="elapsed">How long the sync took.</param>
    public void Flushed(TimeSpan elapsed) => _flushDuration.Record(elapsed.TotalSeconds);

    /// <summary>A client is above a quota.</summary>
    /// <param name="quota">Name of the quota.</param>
    /// <param name="throttle">For how long it is throttled.</param>
    public void Throttled(string quota, TimeSpan throttle)
    {
        // By kind of quota and not by client: clients choose their names, and could choose any number.
        var tag = new KeyValuePair<string, object?>("quota", quota);
        _throttled.Add(1, tag);
        _throttleTime.Add(throttle.TotalSeconds, tag);
    }

    /// <summary>The counts of a partition, made on first use; who writes and reads the partition keeps them.</summary>
    public PartitionTraffic TrafficOf(TopicPartition partition) =>
        _traffic.GetOrAdd(partition, static p => new PartitionTraffic(p));

    /// <summary>The partition is gone from this broker.</summary>
    public void Forget(TopicPartition partition) => _traffic.TryRemove(partition, out _);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void DeclareTraffic()
    {
        _meter.CreateObservableCounter("samsa.partition.received", () => Read(t => t.BytesIn), "By", "Bytes of record batches that producers appended.");
        _meter.CreateObservableCounter("samsa.partition.sent", () => Read(t => t.BytesOut), "By", "Bytes of record batches that consumers fetched.");
        _meter.CreateObservableCounter("samsa.partition.records", () => Read(t => t.RecordsIn), "{record}", "Records that producers appended.");
    }

    private void DeclarePartitions(BrokerReadings readings)
    {
        _meter.CreateObservableUpDownCounter("samsa.partitions", () => readings.Partitions().Hosted, "{partition}", "Partitions on this broker.");
        _meter.CreateObservableUpDownCounter("samsa.partitions.leader", () => readings.Partitions().Led, "{partition}", "Partitions this broker leads.");
        _meter.CreateObservableUpDownCounter("samsa.partitions.offline", () => readings.Partitions().Offline, "{partition}", "Partitions that can't be used because of their disk.");
        _meter.CreateObservableUpDownCounter("samsa.partitions.under_replicated", () => readings.Partitions().UnderReplicated, "{partition}", "Led partitions with fewer in-sync replicas than replicas.");
        _meter.CreateObservableUpDownCounter("samsa.partitions.under_min_isr", () => readings.Partitions().UnderMinIsr, "{partition}", "Led partitions with fewer in-sync replicas than min.insync.replicas asks for: writes with acks=all are refused.");
    }

    private void DeclareReplication(BrokerReadings readings)
    {
        _meter.CreateObservableUpDownCounter("samsa.partitions.at_min_isr", () => readings.Partitions().AtMinIsr, "{partition}", "Led partitions with just as many in-sync replicas as min.insync.replicas asks for: none to spare.");
        _meter.CreateObservableCounter("samsa.replication.isr.shrinks", () => readings.Replication().Shrinks, "{change}", "How often a partition led here lost an in-sync replica.");
        _meter.CreateObservableCounter("samsa.replication.isr.expands", () => readings.Replication().Expands, "{change}", "How often a partition led here won an in-sync replica.");
        _meter.CreateObservableCounter("samsa.replication.received", () => readings.Replication().BytesIn, "By", "Bytes of record batches fetched from leaders.");
        _meter.CreateObservableCounter("samsa.replication.sent", () => readings.Replication().BytesOut, "By", "Bytes of record batches that followers fetched here.");
        _meter.CreateObservableUpDownCounter(
            "samsa.replication.lag",
            () => readings.ReplicaLags().Select(l => new Measurement<long>(
                l.Records, new KeyValuePair<string, object?>("topic", l.Partition.Topic), new KeyValuePair<string, object?>("partition", l.Partition.Partition))),
            "{record}", "Committed records that a partition which follows here has not fetched yet.");
    }

    private void DeclareGroups(BrokerReadings readings)
    {
        _meter.CreateObservableUpDownCounter(
            "samsa.groups",
            () => readings.Groups().Counts.Select(c => new Measurement<long>(
                c.Value, new KeyValuePair<string, object?>("kind", c.Key.Kind), new KeyValuePair<string, object?>("state", c.Key.State))),
            "{group}", "Groups coordinated here, by kind (classic, consumer) and state.");
        _meter.CreateObservableUpDownCounter("samsa.groups.members", () => readings.Groups().Members, "{member}", "Members of the groups coordinated here.");
        _meter.CreateObservableUpDownCounter("samsa.groups.offsets", () => readings.Groups().Offsets, "{offset}", "Positions that groups have committed and that are kept here.");
        _meter.CreateObservableUpDownCounter("samsa.groups.loading", () => readings.Groups().Loading, "{partition}", "Partitions of __consumer_offsets that are still being read: their groups are not served yet.");
        _meter.CreateObservableCounter("samsa.groups.rebalances", () => readings.Groups().Rebalances, "{rebalance}", "How often a group began to share its work anew: generations of classic groups, epochs of consumer groups.");
        _meter.CreateObservableCounter("samsa.groups.commits", () => readings.Groups().Commits, "{offset}", "Positions that groups committed.");
        _meter.CreateObservableCounter("samsa.groups.removals", () => readings.Groups().Removals, "{offset}", "Committed positions that expired (offsets.retention.minutes) or were deleted.");
    }

    private void DeclareDirectories(BrokerReadings readings)
    {
        _meter.CreateObservableUpDownCounter("samsa.log.directory.size", () => Read(readings, d => d.Bytes), "By", "Bytes of the logs in a directory.");
        _meter.CreateObservableUpDownCounter("samsa.log.directory.free", () => Read(readings, d => d.FreeBytes), "By", "Bytes free on the directory's disk.");
        _meter.CreateObservableUpDownCounter("samsa.log.directory.online", () => Read(readings, d => d.IsOnline ? 1 : 0), unit: null, "1 while the directory is in use.");
    }

    private IEnumerable<Measurement<long>> Read(Func<PartitionTraffic, long> value) =>
        _traffic.Values.Where(t => value(t) != 0).Select(t => new Measurement<long>(value(t), t.Tags));

    private static IEnumerable<Measurement<long>> Read(BrokerReadings readings, Func<LogDirectoryReading, long> value) =>
        readings.LogDirectories().Select(d => new Measurement<long>(value(d), new KeyValuePair<string, object?>("directory", d.Path)));
}
