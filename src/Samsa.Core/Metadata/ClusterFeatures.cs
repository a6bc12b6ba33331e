using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>The features of a cluster and the levels that this release knows (KIP-584).</summary>
public static class ClusterFeatures
{
    /// <summary>Which kinds and versions of records the metadata log may have.</summary>
    public const string MetadataVersion = "metadata.version";

    /// <summary>Whether eligible leader replicas are kept (KIP-966).</summary>
    public const string EligibleLeaderReplicas = "eligible.leader.replicas.version";

    // 7 is 3.3-IV3, the first that a quorum may have; 30 is 4.3-IV0.
    private const short OldestMetadataVersion = 7;
    private const short NewestMetadataVersion = 30;

    /// <summary>What this release knows.</summary>
    public static IReadOnlyList<BrokerFeature> Supported { get; } =
    [
        new(MetadataVersion, OldestMetadataVersion, NewestMetadataVersion),
        new(EligibleLeaderReplicas, 0, 1),
    ];

    /// <summary>Whether eligible leader replicas are kept.</summary>
    internal static bool KeepsElr(MetadataImage image) => image.Features.GetValueOrDefault(EligibleLeaderReplicas) > 0;

    /// <summary>The levels that a cluster begins with; nothing where it has begun.</summary>
    internal static IEnumerable<IMetadataRecord> Begin(MetadataImage image) =>
        image.Features.ContainsKey(MetadataVersion)
            ? []
            : Supported.Select(f => new FeatureLevelRecord { Name = f.Name, FeatureLevel = f.MaxLevel });

    /// <summary>Says which of the cluster's levels a broker can't work at, or null.</summary>
    internal static string? Refuse(MetadataImage image, IReadOnlyList<BrokerFeature> known)
    {
        foreach (var (name, level) in image.Features)
        {
            if (!known.Any(f => string.Equals(f.Name, name, StringComparison.Ordinal) && f.MinLevel <= level && level <= f.MaxLevel))
            {
                return $"The broker does not support level {level} of {name}, at which the cluster works.";
            }
        }

        return null;
    }
}
