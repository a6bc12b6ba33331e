namespace Samsa.Core.Quotas;

/// <summary>
/// Whom a quota binds: a user, a client id, a user's client id, or an address (KIP-546). A part that is null says nothing;
/// <see cref="Default"/> stands for everybody without a quota of his own.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="ClientId">The client id.</param>
/// <param name="Ip">The address.</param>
public readonly record struct QuotaEntity(string? User, string? ClientId, string? Ip)
{
    /// <summary>The name of whoever has no quota of his own. Real names are never empty.</summary>
    public const string Default = "";

    /// <summary>The type of the client id's part on the wire.</summary>
    public const string ClientIdType = "client-id";

    /// <summary>The type of the user's part on the wire.</summary>
    public const string UserType = "user";

    /// <summary>The type of the address's part on the wire.</summary>
    public const string IpType = "ip";

    /// <summary>Its parts in the order in which Kafka shows them: client id, user, address.</summary>
    public IEnumerable<QuotaEntityPart> Parts
    {
        get
        {
            if (ClientId is { } client)
            {
                yield return new(ClientIdType, client.Length == 0 ? null : client);
            }

            if (User is { } user)
            {
                yield return new(UserType, user.Length == 0 ? null : user);
            }

            if (Ip is { } ip)
            {
                yield return new(IpType, ip.Length == 0 ? null : ip);
            }
        }
    }

    /// <summary>The entity of parts whose types are known; of two parts of a type the last counts.</summary>
    public static QuotaEntity Of(IEnumerable<QuotaEntityPart> parts)
    {
        var entity = default(QuotaEntity);
        foreach (var (type, name) in parts)
        {
            entity = type switch
            {
                UserType => entity with { User = name ?? Default },
                ClientIdType => entity with { ClientId = name ?? Default },
                IpType => entity with { Ip = name ?? Default },
                _ => entity,
            };
        }

        return entity;
    }

    /// <summary>Whether there is such a type.</summary>
    public static bool IsType(string type) => type is UserType or ClientIdType or IpType;

    /// <summary>The part of a type: null where it has none, <see cref="Default"/> for the default.</summary>
    public string? PartOf(string type) => type switch
    {
        UserType => User,
        ClientIdType => ClientId,
        IpType => Ip,
        _ => null,
    };
}

/// <summary>One part of an entity, as on the wire.</summary>
/// <param name="Type"><c>user</c>, <c>client-id</c> or <c>ip</c>.</param>
/// <param name="Name">The name; null for the default.</param>
public readonly record struct QuotaEntityPart(string Type, string? Name);
