using Samsa.Broker.Metadata;
using Samsa.Core.Groups;
using Samsa.Model;

namespace Samsa.Broker.Coordinators;

/// <summary>The topics of the cluster as groups see them.</summary>
internal sealed class ClusterTopics(MetadataState metadata) : IGroupTopics
{
    /// <inheritdoc/>
    public long Version => metadata.Image.AppliedOffset.Value;

    /// <inheritdoc/>
    public IEnumerable<string> Names => metadata.Image.Topics.Keys;

    /// <inheritdoc/>
    public bool TryGet(string name, out TopicId id, out int partitions)
    {
        var topic = metadata.Image.TopicByName(name);
        (id, partitions) = topic is null ? (TopicId.None, 0) : (topic.Id, topic.Partitions.Count);
        return topic is not null;
    }

    /// <inheritdoc/>
    public string? NameOf(TopicId id) => metadata.Image.TopicById(id)?.Name;
}

/// <summary>Member ids nobody can guess.</summary>
internal sealed class RandomGroupIds(IRandomSource random) : IGroupIds
{
    /// <inheritdoc/>
    public Guid NewId() => random.NewGuid();
}
