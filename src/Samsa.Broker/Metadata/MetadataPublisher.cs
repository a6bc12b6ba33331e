using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Fetchers;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Storage;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Makes this broker do what the metadata log says: opens and drops logs, takes leadership, hands on configuration. It
/// runs inside the application of each change, so whoever waited for the change finds it done.
/// </summary>
internal sealed class MetadataPublisher(
    PartitionRegistry partitions,
    LogStore store,
    CurrentConfig configs,
    BrokerMetrics metrics,
    BrokerReplication replication,
    IPartitionObserver observer,
    ILogger logger)
{
    private readonly Dictionary<TopicId, List<Partition>> _byTopic = [];
    private readonly HashSet<TopicPartition> _withoutLog = [];
    private readonly Lock _gate = new();
    private bool _isRegistered;

    /// <summary>Which start of this broker runs; as soon as the metadata knows of it, the broker leads and follows.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>Brings the broker in line with a whole image, once, before it follows changes.</summary>
    public void Begin(MetadataImage image)
    {
        configs.Follow(_ => ConfigureAll());
        foreach (var topic in image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                Hold(topic, partition);
            }
        }

        foreach (var log in store.Logs.ToArray())
        {
            if (!IsHere(image, log) && !TopicName.ClusterMetadata.Equals(log.Partition.Topic, StringComparison.Ordinal))
            {
                // Its deletion, or its move to other brokers, was committed and the process died before the files were
                // marked, or somebody lost the metadata: they look alike from here, so the files are kept, out of the way.
                Log.SettingAside(logger, log.Partition, log.TopicId);
                store.SetAside(log.Partition);
            }
        }
    }

    /// <summary>Follows one change.</summary>
    public void Apply(MetadataImage image, IReadOnlyList<IMetadataRecord> records)
    {
        lock (_gate)
        {
            Follow(image, records);
        }
    }

    /// <summary>Tries again to make the logs that could not be made, for example because the disk was full.</summary>
    public void RetryFailed(MetadataImage image)
    {
        lock (_gate)
        {
            foreach (var name in _withoutLog.ToArray())
            {
                if (image.TopicByName(name.Topic) is not { } topic || OpenLog(name, topic, isRetry: true) is not { } log)
                {
                    continue;
                }

                _withoutLog.Remove(name);
                partitions.Remove(name);
                _byTopic[topic.Id].RemoveAll(p => p.Name == name);
                Hold(topic, topic.Partitions[name.Partition], log);
                Log.OpenedAtLast(logger, name);
            }
        }
    }

    private bool IsHere(MetadataImage image, PartitionLog log) =>
        image.TopicById(log.TopicId) is { } topic
        && log.Partition.Partition < topic.Partitions.Count
        && topic.Partitions[log.Partition.Partition].Replicas.Contains(replication.Services.Self);

    private void Follow(MetadataImage image, IReadOnlyList<IMetadataRecord> records)
    {
        HashSet<string>? configured = null;
        if (!_isRegistered && image.Brokers.GetValueOrDefault(replication.Services.Self)?.Incarnation == Incarnation)
        {
            _isRegistered = true;
            foreach (var held in _byTopic.Values.SelectMany(p => p).ToArray())
            {
                Hold(image, held.TopicId, held.Name.Partition);
            }
        }

        foreach (var record in records)
        {
            switch (record)
            {
                case PartitionRecord partition:
                    Hold(image, partition.TopicId, partition.PartitionId);
                    break;
                case PartitionChangeRecord change:
                    Hold(image, change.TopicId, change.PartitionId);
                    break;
                case RemoveTopicRecord removal:
                    Drop(removal.TopicId);
                    break;
                case RegisterBrokerRecord or UnregisterBrokerRecord:
                    replication.Fetchers.OnBrokersChanged(image, partitions.All);
                    break;
                case ConfigRecord { ResourceType: (sbyte)ConfigResourceType.Topic } config:
                    (configured ??= new(StringComparer.Ordinal)).Add(config.ResourceName);
                    break;
            }
        }

        foreach (var topic in configured ?? [])
        {
            Configure(image, topic);
        }
    }

    private void Hold(MetadataImage image, TopicId id, int index)
    {
        // The image may be ahead of the record: a topic made and removed in one change is simply not there.
        if (image.TopicById(id) is { } topic && index < topic.Partitions.Count)
        {
            Hold(topic, topic.Partitions[index]);
        }
    }

    private void Hold(TopicImage topic, PartitionImage image, PartitionLog? opened = null)
    {
        var name = new TopicPartition(topic.Name, image.Partition);
        if (!image.Replicas.Contains(replication.Services.Self))
        {
            LetGo(name, topic.Id);
            return;
        }

        if (!partitions.TryGet(topic.Name, image.Partition, out var partition))
        {
            partition = new Partition(name, topic.Id, opened ?? OpenLog(name, topic, isRetry: false), replication.Services, metrics.TrafficOf(name));
            partitions.Add(partition);
            CollectionsMarshal.GetValueRefOrAddDefault(_byTopic, topic.Id, out _) ??= [];
            _byTopic[topic.Id].Add(partition);
            replication.Locations.Compare();
        }

        TakeRole(partition, image);
    }

    private void TakeRole(Partition partition, PartitionImage image)
    {
        if (!_isRegistered)
        {
            // Until this start is registered, what the metadata says of this broker was said of the one before.
            return;
        }

        if (image.Leader != replication.Services.Self)
        {
            var wasLed = partition.IsLed;
            if (partition.BecomeFollower(image))
            {
                replication.Fetchers.Follow(partition);
                if (wasLed)
                {
                    observer.OnResigned(partition);
                }
            }
        }
        else if (partition.BecomeLeader(image) || partition.IsOffline)
        {
            replication.Fetchers.Leave(partition);
            observer.OnLed(partition);
        }
    }

    // The partition was moved to other brokers (KIP-455): once it is theirs, nothing of it stays here.
    private void LetGo(TopicPartition name, TopicId id)
    {
        if (_byTopic.TryGetValue(id, out var held) && held.Find(p => p.Name == name) is { } partition)
        {
            held.Remove(partition);
            Drop(partition);
        }
    }

    private PartitionLog? OpenLog(TopicPartition name, TopicImage topic, bool isRetry)
    {
        try
        {
            if (store.IsOffline(name, out var reason))
            {
                Log.CannotOpen(logger, name, reason);
                return null;
            }

            var assigned = topic.Partitions[name.Partition].DirectoryOf(replication.Services.Self);
            return store.CreateLog(name, topic.Id, configs.LogConfigOf(name.Topic), assigned);
        }
        catch (IOException e)
        {
            if (!isRetry)
            {
                _withoutLog.Add(name);
                Log.CannotOpen(logger, name, e.Message);
            }

            return null;
        }
    }

    private void Drop(TopicId id)
    {
        if (!_byTopic.Remove(id, out var held))
        {
            return;
        }

        held.ForEach(Drop);

        if (held.Count > 0)
        {
            observer.OnTopicDeleted(held[0].Name.Topic);
        }
    }

    private void Drop(Partition partition)
    {
        replication.Fetchers.Leave(partition);
        partitions.Remove(partition.Name);
        observer.OnResigned(partition);
        metrics.Forget(partition.Name);
        if (_withoutLog.Remove(partition.Name))
        {
            return;
        }

        try
        {
            store.DeleteLog(partition.Name);
        }
        catch (IOException e)
        {
            Log.CannotDelete(logger, partition.Name, e.Message);
        }
    }

    private void Configure(MetadataImage image, string name)
    {
        if (image.TopicByName(name) is { } topic)
        {
            var config = configs.LogConfigOf(name);
            foreach (var index in topic.Partitions)
            {
                if (partitions.TryGet(name, index.Partition, out var partition))
                {
                    partition.Configure(config);
                    replication.Fetchers.OnConfigured(partition);
                }
            }
        }
    }

    private void ConfigureAll()
    {
        foreach (var partition in partitions.All)
        {
            partition.Configure(configs.LogConfigOf(partition.Name.Topic));
        }
    }
}
