namespace Samsa.Core.Quotas;

/// <summary>What can be limited.</summary>
public enum QuotaType
{
    /// <summary>Bytes per second of Produce requests.</summary>
    ProducerByteRate,

    /// <summary>Bytes per second of fetched records.</summary>
    ConsumerByteRate,

    /// <summary>Percent of one core spent on requests (KIP-124).</summary>
    RequestPercentage,

    /// <summary>Partitions created and deleted per second (KIP-599).</summary>
    ControllerMutationRate,

    /// <summary>New connections per second of an address (KIP-612).</summary>
    ConnectionCreationRate,
}

/// <summary>The names of the limits, and which values they take.</summary>
public static class QuotaKeys
{
    private static readonly string[] Names =
        ["producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate", "connection_creation_rate"];

    /// <summary>How many there are.</summary>
    public static int Count => Names.Length;

    /// <summary>The name on the wire.</summary>
    public static string NameOf(QuotaType type) => Names[(int)type];

    /// <summary>The limit of that name.</summary>
    public static bool TryParse(string name, out QuotaType type)
    {
        var index = Array.IndexOf(Names, name);
        type = (QuotaType)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Says in words why an entity can't have that limit, or null.</summary>
    public static string? Refuse(string name, double value, in QuotaEntity entity)
    {
        if (!TryParse(name, out var type) || (type == QuotaType.ConnectionCreationRate) != (entity.Ip is not null))
        {
            return $"Invalid configuration key {name}";
        }

        if (!(value > 0))
        {
            return $"Quota {name} must be greater than 0";
        }

        var (isWhole, most) = type switch
        {
            QuotaType.ProducerByteRate or QuotaType.ConsumerByteRate => (true, (double)long.MaxValue),
            QuotaType.ConnectionCreationRate => (true, int.MaxValue),
            _ => (false, double.MaxValue),
        };
        if (value > most)
        {
            return $"Quota {name} must be at most {most}";
        }

        // As in Kafka, the error that comes of writing a whole number as a double is forgiven.
        return isWhole && Math.Abs(value - Math.Round(value)) > 1e-6 ? $"{name} cannot be a fractional value." : null;
    }
}
