using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>
/// Holds that whoever may be elected has everything that is committed, at any time and not only once it is elected: every replica that is
/// in sync, and every one that stays eligible (KIP-966), whether it runs or is down.
/// </summary>
internal sealed class InSyncWatch(SimulatedCluster cluster, MetadataWatch metadata, History history)
{
    private readonly LogsOnDisk _onDisk = new(history);
    private readonly List<Watched> _watched = [];
    private MetadataImage? _seen;

    /// <summary>Looks.</summary>
    public void Look()
    {
        var isNew = !ReferenceEquals(_seen, metadata.Image);
        if (isNew)
        {
            _seen = metadata.Image;
            Survey(_seen);
        }

        foreach (var watched in _watched)
        {
            var grew = watched.History.End > watched.Committed;
            watched.Committed = watched.History.End;
            if (watched.Committed == Offset.Zero)
            {
                continue;
            }

            foreach (var broker in watched.Electable)
            {
                // Of one that is down nothing changes but what is asked of it.
                var machine = cluster.Machine(broker);
                if (machine.Server is not null || grew || isNew)
                {
                    Check(watched, machine);
                }
            }
        }
    }

    private void Survey(MetadataImage image)
    {
        var known = _watched.ToDictionary(w => w.Name);
        _watched.Clear();
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            foreach (var partition in topic.Partitions)
            {
                var name = new TopicPartition(topic.Name, partition.Partition);
                var watched = known.GetValueOrDefault(name) ?? new Watched(name, history.Of(name));
                watched.Electable = [.. partition.InSyncReplicas.Union(partition.EligibleLeaderReplicas)];
                _watched.Add(watched);
            }
        }
    }

    private void Check(Watched watched, SimulatedMachine machine)
    {
        var last = watched.Committed - 1;
        if (machine.Server?.Broker is { } broker && broker.Partitions.TryGet(watched.Name.Topic, watched.Name.Partition, out var partition) && !partition.IsOffline)
        {
            // Who has the last record of an epoch has, out of the same hand, all before it.
            var (end, epoch) = (partition.Log.LogEndOffset, watched.History.Batches[^1].Epoch);
            Rule.Holds(
                end > last && partition.Log.EpochAt(last) == epoch,
                "electable",
                $"{watched.Name} may be led by {machine.Id}, which ends at {end}, not in epoch {epoch} with {last}, the last that is committed");
        }
        else
        {
            Rule.Holds(
                _onDisk.Has(machine, watched.Name, last, forSure: false),
                "electable",
                $"{watched.Name} may be led by {machine.Id}, which is down and lacks {last}, the last that is committed");
        }
    }

    private sealed class Watched(TopicPartition name, PartitionHistory of)
    {
        public TopicPartition Name => name;

        public PartitionHistory History => of;

        /// <summary>What was committed at the last look.</summary>
        public Offset Committed { get; set; }

        /// <summary>Who may be elected without loss.</summary>
        public BrokerId[] Electable { get; set; } = [];
    }
}
