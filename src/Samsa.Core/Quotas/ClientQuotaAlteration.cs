using System.Collections.Immutable;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Quotas;

/// <summary>Decides on changes of quotas (KIP-546). Each entity stands alone: one refused does not stop the rest.</summary>
public static class ClientQuotaAlteration
{
    /// <summary>Decides on all entities of one request.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="wishes">What is wished for.</param>
    /// <param name="isAddress">Whether a text is an address.</param>
    public static Transition<QuotaResult[], IMetadataRecord> Decide(
        MetadataImage image, IReadOnlyList<QuotaWish> wishes, Func<string, bool> isAddress)
    {
        var results = new QuotaResult[wishes.Count];
        var records = new List<IMetadataRecord>();
        var seen = new HashSet<QuotaEntity>();
        for (var i = 0; i < results.Length; i++)
        {
            var wish = wishes[i];
            var refusal = RefuseEntity(wish.Parts, isAddress);
            var entity = QuotaEntity.Of(wish.Parts);
            refusal ??= RefuseValues(wish, entity) ?? (seen.Add(entity) ? null : "The entity stands twice in the request.");
            results[i] = new QuotaResult(wish.Parts, entity, refusal is null ? ErrorCode.None : ErrorCode.InvalidRequest, refusal);
            if (refusal is null)
            {
                Write(image, wish, entity, records);
            }
        }

        return new(results, records);
    }

    private static string? RefuseEntity(IReadOnlyList<QuotaEntityPart> parts, Func<string, bool> isAddress)
    {
        if (parts.Count == 0)
        {
            return "Invalid empty client quota entity";
        }

        foreach (var (type, name) in parts)
        {
            if (!QuotaEntity.IsType(type))
            {
                return $"Unhandled client quota entity type: {type}";
            }

            if (name is { Length: 0 })
            {
                return $"Empty {type} not supported";
            }

            if (type == QuotaEntity.IpType && name is not null && !isAddress(name))
            {
                return $"{name} is not a valid IP address.";
            }
        }

        return QuotaEntity.Of(parts) is { Ip: not null } and ({ User: not null } or { ClientId: not null })
            ? "Invalid quota entity combination, IP entity should not be combined with User or ClientId"
            : null;
    }

    private static string? RefuseValues(QuotaWish wish, in QuotaEntity entity)
    {
        foreach (var (key, value) in wish.Values)
        {
            // A limit can be removed whatever its value was, but it must be one that there is.
            if (QuotaKeys.Refuse(key, value ?? 1, entity) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static void Write(MetadataImage image, QuotaWish wish, in QuotaEntity entity, List<IMetadataRecord> records)
    {
        var present = image.ClientQuotas.GetValueOrDefault(entity) ?? ImmutableSortedDictionary<string, double>.Empty;
        foreach (var (key, value) in wish.Values)
        {
            var isSet = present.TryGetValue(key, out var now);
            if (value is null ? isSet : !isSet || now != value)
            {
                records.Add(RecordOf(entity, key, value));
            }
        }
    }

    /// <summary>The record that sets a limit, or removes it where the value is null.</summary>
    public static ClientQuotaRecord RecordOf(in QuotaEntity entity, string key, double? value) => new()
    {
        Entity = [.. entity.Parts.Select(p => new ClientQuotaRecord.EntityData { EntityType = p.Type, EntityName = p.Name })],
        Key = key,
        Value = value ?? 0,
        Remove = value is null,
    };
}

/// <summary>What somebody wants for one entity.</summary>
/// <param name="Parts">The entity, not yet checked.</param>
/// <param name="Values">The limits by name; null removes one.</param>
public sealed record QuotaWish(IReadOnlyList<QuotaEntityPart> Parts, IReadOnlyList<KeyValuePair<string, double?>> Values);

/// <summary>What became of it.</summary>
/// <param name="Parts">The entity as asked for.</param>
/// <param name="Entity">The entity as understood.</param>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">The reason in words.</param>
public sealed record QuotaResult(IReadOnlyList<QuotaEntityPart> Parts, QuotaEntity Entity, ErrorCode Error, string? Message);
