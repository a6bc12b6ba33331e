using System.Collections.Immutable;

namespace Samsa.Core.Quotas;

/// <summary>The quotas of the cluster, made ready to be looked up on every request.</summary>
public sealed class ClientQuotaTable
{
    private readonly Dictionary<QuotaEntity, double>?[] _limits = new Dictionary<QuotaEntity, double>?[QuotaKeys.Count];

    /// <summary>Makes a table.</summary>
    /// <param name="source">The quotas as the metadata has them.</param>
    public ClientQuotaTable(ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> source)
    {
        Source = source;
        foreach (var (entity, values) in source)
        {
            foreach (var (key, value) in values)
            {
                if (QuotaKeys.TryParse(key, out var type))
                {
                    (_limits[(int)type] ??= []).Add(entity, value);
                }
            }
        }
    }

    /// <summary>What it was made of.</summary>
    public ImmutableDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> Source { get; }

    /// <summary>Whether anybody has such a limit.</summary>
    public bool Has(QuotaType type) => _limits[(int)type] is not null;

    /// <summary>
    /// The limit of a client. The more exactly a quota names it the sooner it counts, and the user goes before the client id,
    /// as in Kafka: user and client id, user and default client id, user; the same for the default user; client id, default client id.
    /// </summary>
    public QuotaLimit? Find(QuotaType type, string user, string clientId)
    {
        if (_limits[(int)type] is not { } limits)
        {
            return null;
        }

        foreach (var u in (ReadOnlySpan<string>)[user, QuotaEntity.Default])
        {
            if (limits.TryGetValue(new(u, clientId, null), out var limit) || limits.TryGetValue(new(u, QuotaEntity.Default, null), out limit))
            {
                return new(limit, new(user, clientId, null));
            }

            if (limits.TryGetValue(new(u, null, null), out limit))
            {
                return new(limit, new(user, null, null));
            }
        }

        return limits.TryGetValue(new(null, clientId, null), out var ofClient) || limits.TryGetValue(new(null, QuotaEntity.Default, null), out ofClient)
            ? new(ofClient, new(null, clientId, null))
            : null;
    }

    /// <summary>The limit of an address.</summary>
    public QuotaLimit? FindIp(QuotaType type, string ip) =>
        _limits[(int)type] is { } limits
        && (limits.TryGetValue(new(null, null, ip), out var limit) || limits.TryGetValue(new(null, null, QuotaEntity.Default), out limit))
            ? new(limit, new(null, null, ip))
            : null;
}

/// <summary>A limit that applies.</summary>
/// <param name="PerSecond">How much.</param>
/// <param name="SharedBy">Who is counted together: for a quota of a user all his clients, for one of a user's client ids each of them.</param>
public readonly record struct QuotaLimit(double PerSecond, QuotaEntity SharedBy);
