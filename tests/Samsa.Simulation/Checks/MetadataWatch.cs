using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>Holds each committed change of the metadata against the rules that keep leaders from losing what is committed.</summary>
internal sealed class MetadataWatch(SimulatedQuorum quorum)
{
    private MetadataImage _image = MetadataImage.Empty;
    private int _seen;

    /// <summary>The cluster as of the last committed change.</summary>
    public MetadataImage Image => _image;

    /// <summary>Looks at what was committed since the last look.</summary>
    public void Look()
    {
        while (_seen < quorum.Committed.Count)
        {
            var entry = quorum.Committed[_seen++];
            var builder = new MetadataImageBuilder(_image);
            foreach (var record in entry.Records)
            {
                builder.Apply(record);
            }

            var before = _image;
            _image = builder.Build(entry.Last);
            foreach (var topic in _image.Topics.Values)
            {
                var known = before.TopicById(topic.Id);
                foreach (var partition in topic.Partitions)
                {
                    var name = new TopicPartition(topic.Name, partition.Partition);
                    Check(name, partition);
                    if (known is not null && partition.Partition < known.Partitions.Count)
                    {
                        CheckChange(name, known.Partitions[partition.Partition], partition);
                    }
                }
            }
        }
    }

    private void Check(TopicPartition name, PartitionImage partition)
    {
        // Nobody may be in sync where others are known to have everything (KIP-966).
        Rule.Holds(
            partition.InSyncReplicas.Length + partition.EligibleLeaderReplicas.Length + partition.LastKnownElr.Length > 0, "in sync", $"{name} has no replica that may lead");
        Rule.Holds(
            partition.InSyncReplicas.All(partition.Replicas.Contains), "in sync", $"{name} has strangers in sync: {string.Join(",", partition.InSyncReplicas)}");
        Rule.Holds(
            partition.Leader == BrokerId.None || partition.InSyncReplicas.Contains(partition.Leader),
            "in sync",
            $"{name} is led by {partition.Leader}, in sync are {string.Join(",", partition.InSyncReplicas)}");
        foreach (var replica in partition.InSyncReplicas)
        {
            // The last one stays, so that somebody may lead again.
            Rule.Holds(
                partition.InSyncReplicas.Length == 1 || !_image.Brokers[replica].Fenced,
                "fenced",
                $"{name} has {string.Join(",", partition.InSyncReplicas)} in sync, and {replica} is fenced");
        }

        Rule.Holds(
            partition.Leader == BrokerId.None || !_image.Brokers[partition.Leader].Fenced, "fenced", $"{name} is led by {partition.Leader}, which is fenced");
    }

    private static void CheckChange(TopicPartition name, PartitionImage before, PartitionImage after)
    {
        Rule.Holds(
            after.LeaderEpoch > before.LeaderEpoch || (after.LeaderEpoch == before.LeaderEpoch && after.Leader == before.Leader),
            "one leader",
            $"{name} goes from leader {before.Leader} of epoch {before.LeaderEpoch} to {after.Leader} of {after.LeaderEpoch}");
        Rule.Holds(
            after.Leader == BrokerId.None || before.InSyncReplicas.Contains(after.Leader) || before.EligibleLeaderReplicas.Contains(after.Leader) || before.LastKnownElr.Contains(after.Leader) || after.Leader == before.Leader,
            "clean election",
            $"{name} is led by {after.Leader} now, in sync were {string.Join(",", before.InSyncReplicas)}");
    }
}
