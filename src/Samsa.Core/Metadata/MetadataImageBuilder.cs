using System.Collections.Immutable;
using Samsa.Core.Quotas;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Applies metadata records to an image. One builder lives for one change (or one replay) and gives one image.</summary>
public sealed class MetadataImageBuilder(MetadataImage from)
{
    private readonly ImmutableSortedDictionary<string, TopicImage>.Builder _topics = from.Topics.ToBuilder();
    private readonly ImmutableDictionary<TopicId, string>.Builder _names = from.TopicNames.ToBuilder();
    private readonly ImmutableDictionary<string, string>.Builder _colliding = from.CollidingNames.ToBuilder();
    private readonly ImmutableSortedDictionary<BrokerId, BrokerImage>.Builder _brokers = from.Brokers.ToBuilder();
    private readonly ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Builder _configs = from.Configs.ToBuilder();
    private readonly ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>>.Builder _quotas = from.ClientQuotas.ToBuilder();
    private readonly ImmutableSortedDictionary<string, short>.Builder _features = from.Features.ToBuilder();

    // Partitions of topics touched by this change: lists grow in place, so a topic of n partitions costs n, not n².
    private readonly Dictionary<TopicId, List<PartitionImage>> _touched = [];
    private long _nextProducerId = from.NextProducerId;
    private int _partitionCount = from.PartitionCount;

    /// <summary>Applies one record.</summary>
    /// <remarks>A record of a kind not kept here (a later feature's) is passed over: its owner reads the log itself.</remarks>
    public void Apply(IMetadataRecord record)
    {
        switch (record)
        {
            case TopicRecord topic:
                Add(topic);
                break;
            case PartitionRecord partition:
                Add(partition);
                break;
            case PartitionChangeRecord change:
                Change(change);
                break;
            case RemoveTopicRecord removal:
                Remove(removal.TopicId);
                break;
            case ConfigRecord config:
                Set(config);
                break;
            case ClientQuotaRecord quota:
                Set(quota);
                break;
            case RegisterBrokerRecord broker:
                Register(broker);
                break;
            case UnregisterBrokerRecord broker:
                _brokers.Remove(broker.BrokerId);
                break;
            case BrokerRegistrationChangeRecord change:
                Change(change);
                break;
            case FenceBrokerRecord fence:
                Fence(fence.Id, fenced: true);
                break;
            case UnfenceBrokerRecord unfence:
                Fence(unfence.Id, fenced: false);
                break;
            case ClearElrRecord clear:
                ClearElr(clear.TopicName);
                break;
            case ProducerIdsRecord ids:
                _nextProducerId = ids.NextProducerId.Value;
                break;
            case FeatureLevelRecord feature:
                Set(feature);
                break;
        }
    }

    /// <summary>The image after everything applied so far.</summary>
    /// <param name="appliedOffset">The offset of the last record.</param>
    public MetadataImage Build(Offset appliedOffset)
    {
        foreach (var (id, partitions) in _touched)
        {
            if (_names.TryGetValue(id, out var name))
            {
                _topics[name] = _topics[name] with { Partitions = partitions.ToArray() };
            }
        }

        _touched.Clear();
        return new MetadataImage
        {
            AppliedOffset = appliedOffset,
            Topics = _topics.ToImmutable(),
            TopicNames = _names.ToImmutable(),
            CollidingNames = _colliding.ToImmutable(),
            Brokers = _brokers.ToImmutable(),
            Configs = _configs.ToImmutable(),
            ClientQuotas = _quotas.ToImmutable(),
            Features = _features.ToImmutable(),
            NextProducerId = _nextProducerId,
            PartitionCount = _partitionCount,
        };
    }

    private void Add(TopicRecord record)
    {
        Invariant.Holds(!_topics.ContainsKey(record.Name));
        _topics[record.Name] = new TopicImage(record.Name, record.TopicId, []);
        _names[record.TopicId] = record.Name;
        if (TopicName.MayCollide(record.Name))
        {
            _colliding[TopicName.CollisionForm(record.Name)] = record.Name;
        }
    }

    private void Add(PartitionRecord record)
    {
        var partitions = PartitionsOf(record.TopicId);
        Invariant.Holds(record.PartitionId == partitions.Count);
        partitions.Add(PartitionChange.Created(record));
        _partitionCount++;
    }

    private void Change(PartitionChangeRecord record)
    {
        var partitions = PartitionsOf(record.TopicId);
        partitions[record.PartitionId] = PartitionChange.Apply(record, partitions[record.PartitionId]);
    }

    private void ClearElr(string topic)
    {
        foreach (var name in topic.Length > 0 ? [topic] : _topics.Keys.ToArray())
        {
            if (_topics.TryGetValue(name, out var image))
            {
                var partitions = PartitionsOf(image.Id);
                for (var i = 0; i < partitions.Count; i++)
                {
                    if (partitions[i] is { EligibleLeaderReplicas.Length: > 0 } or { LastKnownElr.Length: > 0 })
                    {
                        partitions[i] = partitions[i] with { EligibleLeaderReplicas = [], LastKnownElr = [] };
                    }
                }
            }
        }
    }

    private void Remove(TopicId id)
    {
        Invariant.Holds(_names.TryGetValue(id, out var name));
        _partitionCount -= PartitionsOf(id).Count;
        _touched.Remove(id);
        _names.Remove(id);
        _topics.Remove(name!);
        _configs.Remove(ConfigResource.Topic(name!));
        if (TopicName.MayCollide(name!))
        {
            _colliding.Remove(TopicName.CollisionForm(name!));
        }
    }

    private void Set(ConfigRecord record)
    {
        var resource = new ConfigResource((ConfigResourceType)record.ResourceType, record.ResourceName);
        var values = _configs.TryGetValue(resource, out var present)
            ? present
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        values = record.Value is { } value ? values.SetItem(record.Name, value) : values.Remove(record.Name);
        if (values.IsEmpty)
        {
            _configs.Remove(resource);
        }
        else
        {
            _configs[resource] = values;
        }
    }

    private void Set(FeatureLevelRecord record)
    {
        // Level 0 is the same as never finalized (KIP-778).
        if (record.FeatureLevel == 0)
        {
            _features.Remove(record.Name);
        }
        else
        {
            _features[record.Name] = record.FeatureLevel;
        }
    }

    private void Set(ClientQuotaRecord record)
    {
        var entity = QuotaEntity.Of(record.Entity.Select(e => new QuotaEntityPart(e.EntityType, e.EntityName)));
        var values = _quotas.TryGetValue(entity, out var present)
            ? present
            : ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);
        values = record.Remove ? values.Remove(record.Key) : values.SetItem(record.Key, record.Value);
        if (values.IsEmpty)
        {
            _quotas.Remove(entity);
        }
        else
        {
            _quotas[entity] = values;
        }
    }

    private void Register(RegisterBrokerRecord record)
    {
        var endpoints = new BrokerEndpoint[record.EndPoints.Length];
        for (var i = 0; i < endpoints.Length; i++)
        {
            var e = record.EndPoints[i];
            endpoints[i] = new BrokerEndpoint(e.Name, e.Host, e.Port, e.SecurityProtocol);
        }

        _brokers[record.BrokerId] = new BrokerImage(
            record.BrokerId, record.IncarnationId, record.BrokerEpoch, endpoints, record.Rack, record.Fenced)
        {
            InControlledShutdown = record.InControlledShutdown,
            Features = [.. record.Features.Select(f => new BrokerFeature(f.Name, f.MinSupportedVersion, f.MaxSupportedVersion))],
            LogDirs = record.LogDirs,
        };
    }

    private void Change(BrokerRegistrationChangeRecord record)
    {
        if (_brokers.TryGetValue(record.BrokerId, out var broker))
        {
            _brokers[record.BrokerId] = broker with
            {
                Fenced = record.Fenced == 0 ? broker.Fenced : record.Fenced == BrokerChange.Fence,
                InControlledShutdown = broker.InControlledShutdown || record.InControlledShutdown == BrokerChange.ShutDown,
                LogDirs = record.LogDirs.Length > 0 ? record.LogDirs : broker.LogDirs,
            };
        }
    }

    private void Fence(BrokerId id, bool fenced)
    {
        if (_brokers.TryGetValue(id, out var broker))
        {
            _brokers[id] = broker with { Fenced = fenced };
        }
    }

    private List<PartitionImage> PartitionsOf(TopicId id)
    {
        if (!_touched.TryGetValue(id, out var partitions))
        {
            Invariant.Holds(_names.TryGetValue(id, out var name));
            partitions = [.. _topics[name!].Partitions];
            _touched[id] = partitions;
        }

        return partitions;
    }
}
