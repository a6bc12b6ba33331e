using Samsa.Broker.Partitions;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>Looks at every replica after every piece of work, and holds what it sees against the rules.</summary>
internal sealed class ReplicaWatch(SimulatedCluster cluster, History history)
{
    private readonly Dictionary<(BrokerId Broker, int Life), List<SeenReplica>> _seen = [];
    private readonly Dictionary<(TopicPartition Partition, LeaderEpoch Epoch), BrokerId> _leaders = [];
    private readonly Dictionary<TopicPartition, LeaderEpoch> _newest = [];
    private readonly LogsOnDisk _onDisk = new(history);

    /// <summary>Looks.</summary>
    public void Look()
    {
        foreach (var machine in cluster.Machines)
        {
            if (machine.Server?.Broker is { } broker)
            {
                foreach (var replica in ReplicasOf(machine, broker))
                {
                    Look(replica);
                }
            }
        }
    }

    /// <summary>A producer was told that a record is committed: so many replicas must have it, on disk if the topic asks for that.</summary>
    public void Acknowledged(TopicPartition name, Offset offset, int atLeast, bool onDisk)
    {
        var holders = cluster.Machines.Count(m => Has(m, name, offset, onDisk));
        Rule.Holds(holders >= atLeast, "acknowledged", $"{offset} of {name} was acknowledged, and {holders} replicas have it{(onDisk ? " on disk" : "")}, of at least {atLeast}");
    }

    /// <summary>Whether every replica ends where what is committed ends.</summary>
    public bool IsConverged() => cluster.Machines.All(m => m.Server?.Broker is { } broker
        && broker.Partitions.All.All(p => !p.IsOffline && p.Log.LogEndOffset == p.HighWatermark && p.HighWatermark == history.Of(p.Name).End));

    /// <summary>How far each replica is, for whoever wants to know why they do not come together.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var machine in cluster.Machines.Where(m => m.Server?.Broker is not null))
        {
            foreach (var replica in ReplicasOf(machine, machine.Server!.Broker!))
            {
                var partition = replica.Partition;
                yield return partition.IsOffline
                    ? $"{replica.Name} is offline"
                    : $"{replica.Name} {(partition.IsLed ? "leads" : "follows")}, high watermark {partition.HighWatermark}, on disk {partition.Log.RecoveryPoint}, end {partition.Log.LogEndOffset}";
            }
        }
    }

    /// <summary>At the end, with nothing wrong any more: everybody has everything.</summary>
    public void EverybodyHasEverything()
    {
        foreach (var machine in cluster.Machines)
        {
            foreach (var replica in ReplicasOf(machine, machine.Server!.Broker!))
            {
                var committed = history.Of(replica.Partition.Name);
                var log = replica.Partition.Log;
                Rule.Holds(
                    log.LogEndOffset == committed.End && replica.Partition.HighWatermark == committed.End,
                    "convergence",
                    $"{replica.Name} ends at {log.LogEndOffset} with high watermark {replica.Partition.HighWatermark}, committed is up to {committed.End}");
                Verify(replica, log.LogStartOffset, committed.End);
            }
        }
    }

    private List<SeenReplica> ReplicasOf(SimulatedMachine machine, Broker.BrokerNode broker)
    {
        var key = (machine.Id, machine.Lives);
        if (!_seen.TryGetValue(key, out var replicas))
        {
            _seen[key] = replicas = [];
        }

        if (replicas.Count != broker.PartitionCount || replicas.Exists(r => !broker.Partitions.TryGet(r.Partition.Name.Topic, r.Partition.Name.Partition, out var p) || p != r.Partition))
        {
            var known = replicas.ToDictionary(r => r.Partition);
            replicas.Clear();
            replicas.AddRange(broker.Partitions.All
                .OrderBy(p => p.Name.Topic, StringComparer.Ordinal)
                .ThenBy(p => p.Name.Partition)
                .Select(p => known.TryGetValue(p, out var seen) ? seen : new SeenReplica(machine.Id, p)));
        }

        return replicas;
    }

    private bool Has(SimulatedMachine machine, TopicPartition name, Offset offset, bool onDisk) =>
        !onDisk && machine.Server?.Broker is { } broker && broker.Partitions.TryGet(name.Topic, name.Partition, out var partition) && !partition.IsOffline
            ? partition.Log.LogEndOffset > offset
            : _onDisk.Has(machine, name, offset, forSure: onDisk);

    private void Look(SeenReplica replica)
    {
        var partition = replica.Partition;
        if (partition.IsOffline)
        {
            return;
        }

        var epoch = partition.LeaderEpoch;
        var isLed = partition.IsLed;
        var highWatermark = partition.HighWatermark;
        if (epoch == replica.Epoch && isLed == replica.IsLed && highWatermark == replica.HighWatermark)
        {
            return;
        }

        Rule.Holds(
            epoch != replica.Epoch || !isLed || !replica.IsLed || highWatermark >= replica.HighWatermark,
            "high watermark",
            $"{replica.Name} led in epoch {epoch} from {replica.HighWatermark} back to {highWatermark}");
        Rule.Holds(
            highWatermark <= partition.Log.LogEndOffset, "high watermark", $"{replica.Name} has high watermark {highWatermark}, and ends at {partition.Log.LogEndOffset}");
        if (isLed && (!replica.IsLed || epoch != replica.Epoch))
        {
            BeginsToLead(replica, epoch);
        }

        if (highWatermark > replica.HighWatermark)
        {
            Advance(replica, highWatermark, isLed);
        }

        (replica.Epoch, replica.IsLed, replica.HighWatermark) = (epoch, isLed, highWatermark);
    }

    private void BeginsToLead(SeenReplica replica, LeaderEpoch epoch)
    {
        var name = replica.Partition.Name;
        Rule.Holds(
            _leaders.TryAdd((name, epoch), replica.Broker) || _leaders[(name, epoch)] == replica.Broker,
            "one leader",
            $"{replica.Name} leads in epoch {epoch}, and so does broker {_leaders[(name, epoch)]}");
        var isNewest = !_newest.TryGetValue(name, out var newest) || newest <= epoch;
        history.Of(name).Led(replica.Broker, isNewest);
        if (!isNewest)
        {
            // It was held up, and learns late of a leadership that is over; what it commits now would be compared.
            return;
        }

        _newest[name] = epoch;
        var committed = history.Of(name);
        var log = replica.Partition.Log;
        Rule.Holds(
            log.LogEndOffset >= committed.End, "lost", $"{replica.Name} leads in epoch {epoch} and ends at {log.LogEndOffset}; committed is up to {committed.End}");
        Verify(replica, log.LogStartOffset, committed.End);
    }

    // What a leader says is committed is, for ever; a follower only ever hears of it.
    private void Advance(SeenReplica replica, Offset highWatermark, bool isLed)
    {
        var committed = history.Of(replica.Partition.Name);
        if (isLed && highWatermark > committed.End)
        {
            Walk(replica, committed.End, highWatermark, (bytes, header) => committed.Commit(bytes.Span, header, replica.Name));
        }

        Rule.Holds(
            highWatermark <= committed.End, "high watermark", $"{replica.Name} has high watermark {highWatermark}, committed is up to {committed.End}");
        Verify(replica, replica.HighWatermark, highWatermark);
    }

    private void Verify(SeenReplica replica, Offset from, Offset to)
    {
        var committed = history.Of(replica.Partition.Name);
        Walk(replica, from, to, (_, header) => committed.Compare(header, replica.Name));
    }

    private static void Walk(SeenReplica replica, Offset from, Offset to, Action<ReadOnlyMemory<byte>, BatchHeader> visit)
    {
        while (from < to)
        {
            var outcome = replica.Partition.Log.Read(from, 1 << 20, to, atLeastOneBatch: true);
            Rule.Holds(
                outcome.Error == ErrorCode.None && outcome.Slice is not null, "readable", $"{replica.Name} cannot be read at {from}: {outcome.Error}");
            byte[] bytes;
            using (outcome.Slice)
            {
                bytes = new byte[outcome.Slice!.Length];
                outcome.Slice.CopyTo(bytes);
            }

            foreach (var batch in RecordBatch.Enumerate(bytes))
            {
                visit(batch.Bytes, batch.Header);
                from = batch.Header.NextOffset;
            }
        }
    }

    private sealed class SeenReplica(BrokerId broker, Partition partition)
    {
        public BrokerId Broker => broker;

        public Partition Partition => partition;

        public string Name => $"broker {broker} of {partition.Name}";

        public LeaderEpoch Epoch { get; set; } = LeaderEpoch.None;

        public bool IsLed { get; set; }

        public Offset HighWatermark { get; set; }
    }
}
