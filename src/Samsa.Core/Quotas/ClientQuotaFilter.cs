using System.Collections.Immutable;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Quotas;

/// <summary>Which quotas somebody wants to see (KIP-546).</summary>
/// <param name="Components">What each part of an entity must be.</param>
/// <param name="IsStrict">Whether entities with further parts are left out.</param>
public sealed record ClientQuotaFilter(IReadOnlyList<QuotaFilterComponent> Components, bool IsStrict)
{
    /// <summary>What is wrong with the filter, or null.</summary>
    public (ErrorCode Error, string Message)? Refuse()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var component in Components)
        {
            if (component.Type.Length == 0)
            {
                return (ErrorCode.InvalidRequest, "Unexpected empty filter component entity type");
            }

            if (!QuotaEntity.IsType(component.Type))
            {
                return (ErrorCode.UnsupportedVersion, $"Unsupported entity type {component.Type}");
            }

            if (!seen.Add(component.Type))
            {
                return (ErrorCode.InvalidRequest, $"Entity type {component.Type} cannot appear more than once in the filter.");
            }

            if (component.Match is not (QuotaMatch.Exact or QuotaMatch.Default or QuotaMatch.Any))
            {
                return (ErrorCode.InvalidRequest, $"Unexpected match type: {(int)component.Match}");
            }

            if ((component.Match == QuotaMatch.Exact) != (component.Name is not null))
            {
                return (ErrorCode.InvalidRequest, "A name goes with an exact match, and with no other.");
            }
        }

        return seen.Contains(QuotaEntity.IpType) && seen.Count > 1
            ? (ErrorCode.InvalidRequest, "Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.")
            : null;
    }

    /// <summary>The quotas it lets through.</summary>
    public IEnumerable<KeyValuePair<QuotaEntity, ImmutableSortedDictionary<string, double>>> Select(MetadataImage image) =>
        image.ClientQuotas.Where(q => Matches(q.Key)).OrderBy(q => q.Key.Ip, StringComparer.Ordinal)
            .ThenBy(q => q.Key.User, StringComparer.Ordinal).ThenBy(q => q.Key.ClientId, StringComparer.Ordinal);

    private bool Matches(QuotaEntity entity)
    {
        foreach (var component in Components)
        {
            var matches = entity.PartOf(component.Type) is { } part && component.Match switch
            {
                QuotaMatch.Exact => part.Length > 0 && part == component.Name,
                QuotaMatch.Default => part.Length == 0,
                _ => true,
            };
            if (!matches)
            {
                return false;
            }
        }

        return !IsStrict || entity.Parts.Count() == Components.Count;
    }
}

/// <summary>What one part of an entity must be.</summary>
/// <param name="Type"><c>user</c>, <c>client-id</c> or <c>ip</c>.</param>
/// <param name="Match">How it is compared.</param>
/// <param name="Name">The name, of an exact match.</param>
public sealed record QuotaFilterComponent(string Type, QuotaMatch Match, string? Name);

/// <summary>How a part of an entity is compared; the numbers are the protocol's.</summary>
public enum QuotaMatch : sbyte
{
    /// <summary>It has this name.</summary>
    Exact = 0,

    /// <summary>It is the default.</summary>
    Default = 1,

    /// <summary>It is there.</summary>
    Any = 2,
}
