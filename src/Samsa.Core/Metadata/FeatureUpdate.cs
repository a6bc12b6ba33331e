using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Decides on the levels of features (KIP-584, KIP-778, KIP-1022). As in Kafka 4 a request is done as a whole or not at all.
/// </summary>
public static class FeatureUpdate
{
    /// <summary>The features there are, with the lowest and the highest level this release knows. A feature that has no level is at 0.</summary>
    public static IReadOnlyDictionary<string, (short Min, short Max)> Supported { get; } = new SortedDictionary<string, (short, short)>(
        ClusterFeatures.Supported.ToDictionary(f => f.Name, f => (f.MinLevel, f.MaxLevel), StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Decides on all features of one request.</summary>
    /// <returns>None and null, or why nothing is changed.</returns>
    public static Transition<(ErrorCode Error, string? Message), IMetadataRecord> Decide(MetadataImage image, IReadOnlyList<FeatureWish> wishes)
    {
        var records = new List<IMetadataRecord>();
        foreach (var wish in wishes)
        {
            var reason = wishes.Count(w => string.Equals(w.Name, wish.Name, StringComparison.Ordinal)) > 1
                ? "The feature stands twice in the request."
                : Refuse(image, wish);
            if (reason is not null)
            {
                return new(
                    (ErrorCode.InvalidUpdateVersion,
                        $"The update failed for all features since the following feature had an error: Invalid update version {wish.Level} for feature {wish.Name}. {reason}"),
                    []);
            }

            if (wish.Level != image.Features.GetValueOrDefault(wish.Name))
            {
                records.Add(new FeatureLevelRecord { Name = wish.Name, FeatureLevel = wish.Level });
            }
        }

        return new((ErrorCode.None, null), records);
    }

    private static string? Refuse(MetadataImage image, FeatureWish wish)
    {
        if (!Enum.IsDefined(wish.Upgrade))
        {
            return "The controller does not support the given upgrade type.";
        }

        if (wish.Level < 0)
        {
            return "A feature version cannot be less than 0.";
        }

        if (!Supported.TryGetValue(wish.Name, out var range))
        {
            return "The controller does not support this feature.";
        }

        if (wish.Level < range.Min || wish.Level > range.Max)
        {
            return $"The controller only supports versions {range.Min}-{range.Max}";
        }

        var present = image.Features.GetValueOrDefault(wish.Name);
        return wish.Level < present && wish.Upgrade == FeatureUpgrade.Upgrade
                ? "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
            : wish.Level > present && wish.Upgrade != FeatureUpgrade.Upgrade ? "Can't downgrade to a newer version."
            : null;
    }
}

/// <summary>A level that somebody wants a feature to have.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Level">Its level.</param>
/// <param name="Upgrade">Which way it may go.</param>
public readonly record struct FeatureWish(string Name, short Level, FeatureUpgrade Upgrade);

/// <summary>Which way a level may go (KIP-778); the numbers are the protocol's.</summary>
public enum FeatureUpgrade : sbyte
{
    /// <summary>Up only.</summary>
    Upgrade = 1,

    /// <summary>Down, where nothing is lost.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, whatever is lost.</summary>
    UnsafeDowngrade = 3,
}
