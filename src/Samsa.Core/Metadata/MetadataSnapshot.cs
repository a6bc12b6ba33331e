using Samsa.Core.Quotas;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Writes an image as the records that build it again.</summary>
public static class MetadataSnapshot
{
    /// <summary>The records, each after those it needs.</summary>
    public static IEnumerable<IMetadataRecord> Records(MetadataImage image)
    {
        foreach (var (name, level) in image.Features)
        {
            yield return new FeatureLevelRecord { Name = name, FeatureLevel = level };
        }

        foreach (var broker in image.Brokers.Values)
        {
            yield return ClusterController.RegistrationOf(broker);
        }

        foreach (var topic in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            yield return new TopicRecord { Name = topic.Name, TopicId = topic.Id };
            foreach (var p in topic.Partitions)
            {
                yield return PartitionChange.RecordOf(topic.Id, p);
            }
        }

        foreach (var (resource, values) in image.Configs.OrderBy(c => c.Key.Type).ThenBy(c => c.Key.Name, StringComparer.Ordinal))
        {
            foreach (var (key, value) in values)
            {
                yield return new ConfigRecord
                {
                    ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = key, Value = value,
                };
            }
        }

        foreach (var (entity, values) in image.ClientQuotas.OrderBy(q => NameOf(q.Key), StringComparer.Ordinal))
        {
            foreach (var (key, value) in values)
            {
                yield return ClientQuotaAlteration.RecordOf(entity, key, value);
            }
        }

        yield return new ProducerIdsRecord { NextProducerId = new(image.NextProducerId) };
    }

    // Every node writes the records in the same order, whatever the order of its dictionaries.
    private static string NameOf(QuotaEntity entity) => string.Join('\n', entity.Parts.Select(p => $"{p.Type}={p.Name}"));
}
