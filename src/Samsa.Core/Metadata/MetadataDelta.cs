using Samsa.Core.Quotas;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// What changed between two images, as records: for those who follow changes, where a snapshot took the place of changes they never saw.
/// </summary>
public static class MetadataDelta
{
    /// <summary>
    /// Records that name everything that differs: what went first, then what came or changed. A change of a partition is named by
    /// a <see cref="PartitionChangeRecord"/> that says no more than which one it is; the newer image has the rest.
    /// </summary>
    public static IReadOnlyList<IMetadataRecord> Between(MetadataImage before, MetadataImage after)
    {
        var records = new List<IMetadataRecord>();
        records.AddRange(before.TopicNames.Keys.Where(id => !after.TopicNames.ContainsKey(id)).Select(id => new RemoveTopicRecord { TopicId = id }));
        records.AddRange(before.Brokers.Values.Where(b => !after.Brokers.ContainsKey(b.Id))
            .Select(b => new UnregisterBrokerRecord { BrokerId = b.Id, BrokerEpoch = b.Epoch }));
        records.AddRange(after.Brokers.Values.Where(b => before.Brokers.GetValueOrDefault(b.Id) != b).Select(ClusterController.RegistrationOf));
        foreach (var topic in after.Topics.Values)
        {
            AddTopic(before.TopicById(topic.Id), topic, records);
        }

        AddConfigs(before, after, records);
        AddQuotas(before, after, records);
        foreach (var name in before.Features.Keys.Union(after.Features.Keys, StringComparer.Ordinal))
        {
            var level = after.Features.GetValueOrDefault(name);
            if (before.Features.GetValueOrDefault(name) != level)
            {
                records.Add(new FeatureLevelRecord { Name = name, FeatureLevel = level });
            }
        }

        if (before.NextProducerId != after.NextProducerId)
        {
            records.Add(new ProducerIdsRecord { NextProducerId = new(after.NextProducerId) });
        }

        return records;
    }

    private static void AddTopic(TopicImage? before, TopicImage after, List<IMetadataRecord> records)
    {
        if (before is null)
        {
            records.Add(new TopicRecord { Name = after.Name, TopicId = after.Id });
        }

        foreach (var partition in after.Partitions)
        {
            var known = before is not null && partition.Partition < before.Partitions.Count ? before.Partitions[partition.Partition] : null;
            if (known is null)
            {
                records.Add(new PartitionRecord
                {
                    TopicId = after.Id,
                    PartitionId = partition.Partition,
                    Replicas = partition.Replicas,
                    Isr = partition.InSyncReplicas,
                    Leader = partition.Leader,
                    LeaderEpoch = partition.LeaderEpoch,
                    PartitionEpoch = partition.PartitionEpoch,
                });
            }
            else if (known.PartitionEpoch != partition.PartitionEpoch || known.LeaderEpoch != partition.LeaderEpoch)
            {
                records.Add(new PartitionChangeRecord { TopicId = after.Id, PartitionId = partition.Partition });
            }
        }
    }

    private static void AddConfigs(MetadataImage before, MetadataImage after, List<IMetadataRecord> records)
    {
        foreach (var resource in before.Configs.Keys.Union(after.Configs.Keys))
        {
            var (old, now) = (before.ConfigsOf(resource), after.ConfigsOf(resource));
            foreach (var key in ReferenceEquals(old, now) ? [] : old.Keys.Union(now.Keys, StringComparer.Ordinal))
            {
                var value = now.GetValueOrDefault(key);
                if (old.GetValueOrDefault(key) != value)
                {
                    records.Add(new ConfigRecord { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = key, Value = value });
                }
            }
        }
    }

    private static void AddQuotas(MetadataImage before, MetadataImage after, List<IMetadataRecord> records)
    {
        foreach (var entity in before.ClientQuotas.Keys.Union(after.ClientQuotas.Keys))
        {
            var (old, now) = (before.ClientQuotas.GetValueOrDefault(entity), after.ClientQuotas.GetValueOrDefault(entity));
            foreach (var key in (old?.Keys ?? []).Union(now?.Keys ?? [], StringComparer.Ordinal))
            {
                double? oldValue = old is not null && old.TryGetValue(key, out var o) ? o : null;
                double? value = now is not null && now.TryGetValue(key, out var v) ? v : null;
                if (oldValue != value)
                {
                    records.Add(ClientQuotaAlteration.RecordOf(entity, key, value));
                }
            }
        }
    }
}
