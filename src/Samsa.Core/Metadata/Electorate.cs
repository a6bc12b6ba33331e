using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Who may lead, as far as brokers and their directories decide it, given that one broker comes or goes.</summary>
internal sealed class Electorate(MetadataImage image, ControllerRules rules)
{
    /// <summary>The cluster.</summary>
    public MetadataImage Image => image;

    /// <summary>A broker that counts as gone although the image has it.</summary>
    public BrokerId Leaving { get; init; } = BrokerId.None;

    /// <summary>Whether <see cref="Leaving"/> stopped without a word, so that its log may have lost its end.</summary>
    public bool LeavingIsUnclean { get; init; }

    /// <summary>Where <see cref="Leaving"/> only lost these directories: which. Null where it goes as a whole.</summary>
    public IReadOnlyCollection<Guid>? LostDirectories { get; init; }

    /// <summary>A broker that counts as active although the image has it fenced.</summary>
    public BrokerId Arriving { get; init; } = BrokerId.None;

    /// <summary>Whether eligible leader replicas are kept (KIP-966).</summary>
    public bool KeepsElr { get; } = ClusterFeatures.KeepsElr(image);

    /// <summary>The topic's part of the rules.</summary>
    public TopicRules RulesOf(string topic) => rules.TopicRulesOf(image, topic);

    /// <summary>Whether a broker is up and has the log of the partition.</summary>
    public bool MayLead(PartitionImage partition, BrokerId broker) =>
        !Leaves(partition, broker)
        && image.Brokers.TryGetValue(broker, out var found)
        && (broker == Arriving || found.IsActive)
        && found.HasOnline(partition.DirectoryOf(broker));

    /// <summary>Whether the partition's replica on a broker goes away now.</summary>
    public bool Leaves(PartitionImage partition, BrokerId broker) =>
        broker == Leaving && (LostDirectories?.Contains(partition.DirectoryOf(broker)) ?? true);

    /// <summary>
    /// Takes <see cref="Leaving"/> out of every ISR (and, after an unclean stop, out of the eligible), and gives a leader to
    /// whatever lacks one and may have one.
    /// </summary>
    public void Settle(List<IMetadataRecord> records)
    {
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Id))
        {
            TopicRules? topicRules = null;
            foreach (var partition in topic.Partitions)
            {
                if (IsTouched(partition))
                {
                    topicRules ??= RulesOf(topic.Name);
                    var change = new PartitionAlteration(this, topic, partition, topicRules.Value)
                    {
                        Isr = Array.FindAll(partition.InSyncReplicas, b => !Leaves(partition, b)),
                    };
                    if (change.Build() is { } record)
                    {
                        records.Add(record);
                    }
                }
            }
        }
    }

    private bool IsTouched(PartitionImage partition) =>
        Leaving == BrokerId.None
            ? partition.Leader == BrokerId.None
            : Leaves(partition, Leaving)
                && (partition.Leader == Leaving
                    || partition.InSyncReplicas.Contains(Leaving)
                    || (LeavingIsUnclean && partition.EligibleLeaderReplicas.Contains(Leaving)));
}
