using System.Collections.Immutable;
using Samsa.Core.Quotas;
using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>
/// The cluster as of one offset of the metadata log. Immutable: readers take the reference and see one consistent
/// state for as long as they hold it.
/// </summary>
public sealed class MetadataImage
{
    /// <summary>A cluster of which nothing is known yet.</summary>
    public static MetadataImage Empty { get; } = new();

    /// <summary>The offset of the last record applied; -1 before the first.</summary>
    public Offset AppliedOffset { get; init; } = Offset.None;

    /// <summary>Topics by name. Sorted: who walks them walks them in the same order everywhere.</summary>
    public ImmutableSortedDictionary<string, TopicImage> Topics { get; init; } = ImmutableSortedDictionary.Create<string, TopicImage>(StringComparer.Ordinal);

    /// <summary>Names of topics by id.</summary>
    public ImmutableDictionary<TopicId, string> TopicNames { get; init; } = [];

    /// <summary>
    /// Topics whose names contain '.' or '_', by the name with '_' for '.': two such names would collide in metrics.
    /// </summary>
    public ImmutableDictionary<string, string> CollidingNames { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Registered brokers by id.</summary>
    public ImmutableSortedDictionary<BrokerId, BrokerImage> Brokers { get; init; } = ImmutableSortedDictionary<BrokerId, BrokerImage>.Empty;

    /// <summary>Configuration set through the admin APIs, by resource and then by key.</summary>
    public ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> Configs { get; init; } =
        ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Client quotas by entity, and then by the limit's name.</summary>
    public ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> ClientQuotas { get; init; } =
        ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>>.Empty;

    /// <summary>Finalized feature levels by name, for example <c>metadata.version</c>.</summary>
    public ImmutableSortedDictionary<string, short> Features { get; init; } =
        ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>The first producer id that no broker has been given yet.</summary>
    public long NextProducerId { get; init; }

    /// <summary>How many partitions all topics have together.</summary>
    public int PartitionCount { get; init; }

    /// <summary>The topic of that id, or null.</summary>
    public TopicImage? TopicById(TopicId id) => TopicNames.TryGetValue(id, out var name) ? Topics.GetValueOrDefault(name) : null;

    /// <summary>The topic of that name, or null.</summary>
    public TopicImage? TopicByName(string name) => Topics.GetValueOrDefault(name);

    /// <summary>What was set on a resource; empty where nothing was.</summary>
    public ImmutableSortedDictionary<string, string> ConfigsOf(ConfigResource resource) =>
        Configs.GetValueOrDefault(resource) ?? ImmutableSortedDictionary<string, string>.Empty;
}
