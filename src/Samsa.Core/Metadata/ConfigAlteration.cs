using System.Collections.Immutable;
using System.Globalization;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Decides on changes of configuration (KIP-133, KIP-339). Each resource stands alone; one refused does not stop the rest. What a setting
/// may be is told by the <see cref="ConfigSchema"/>, what exists by the image.
/// </summary>
public static class ConfigAlteration
{
    /// <summary>Decides on all resources of one request; answers come in the order asked.</summary>
    public static Transition<ConfigResult[], IMetadataRecord> Decide(MetadataImage image, IReadOnlyList<ConfigWish> wishes, ConfigSchema schema)
    {
        var results = new ConfigResult[wishes.Count];
        var records = new List<IMetadataRecord>();
        var twice = wishes.GroupBy(w => w.Resource).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        for (var i = 0; i < results.Length; i++)
        {
            var wish = wishes[i];
            var (error, message) = twice.Contains(wish.Resource)
                ? (ErrorCode.InvalidRequest, "Each resource must appear at most once.")
                : Decide(image, wish, schema, records);
            results[i] = new ConfigResult(wish.Resource, error, message);
        }

        return new(results, records);
    }

    /// <summary>Says what is wrong with the form of a change, or nothing where it may be looked at.</summary>
    public static (ErrorCode Error, string Message)? RefuseForm(IReadOnlyList<ConfigChange> changes)
    {
        if (changes.DistinctBy(c => c.Name, StringComparer.Ordinal).Count() != changes.Count)
        {
            return (ErrorCode.InvalidRequest, "Error due to duplicate config keys");
        }

        var nulls = string.Join(", ", changes.Where(c => c.Operation != ConfigOperation.Delete && c.Value is null).Select(c => c.Name));
        return nulls.Length > 0 ? (ErrorCode.InvalidRequest, $"Null value not supported for : {nulls}")
            : changes.FirstOrDefault(c => !Enum.IsDefined(c.Operation)) is { Name: not null } odd ? (ErrorCode.InvalidRequest, $"Unknown operation type {(sbyte)odd.Operation}")
            : null;
    }

    private static (ErrorCode Error, string? Message) Decide(MetadataImage image, ConfigWish wish, ConfigSchema schema, List<IMetadataRecord> records)
    {
        var resource = wish.Resource;
        if ((RefuseForm(wish.Changes) ?? RefuseName(resource)) is { } refused)
        {
            return refused;
        }

        var present = image.ConfigsOf(resource);
        var values = wish.ReplacesAll ? present.Clear() : present;
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in wish.Changes)
        {
            if (change.Operation is ConfigOperation.Append or ConfigOperation.Subtract && !schema.IsList(resource.Type, change.Name))
            {
                return (ErrorCode.InvalidConfig, $"Can't {change.Operation.ToString().ToUpperInvariant()} to key {change.Name} because its type is not LIST.");
            }

            if (Outcome(change, resource.Type, present, schema) is { } value)
            {
                given[change.Name] = value;
                values = values.SetItem(change.Name, value);
            }
            else
            {
                values = values.Remove(change.Name);
            }
        }

        if ((schema.Refuse(resource, values, given) ?? RefuseUnknown(image, resource)) is { } reason)
        {
            return reason;
        }

        Write(resource, present, values, given, records);
        return (ErrorCode.None, null);
    }

    private static string? Outcome(ConfigChange change, ConfigResourceType type, ImmutableSortedDictionary<string, string> present, ConfigSchema schema)
    {
        if (change.Operation is ConfigOperation.Set or ConfigOperation.Delete)
        {
            return change.Operation == ConfigOperation.Set ? change.Value : null;
        }

        // As in Kafka a list that nobody set begins with its built-in default, not with what the brokers have.
        var parts = Split(present.GetValueOrDefault(change.Name) ?? schema.DefaultOf(type, change.Name) ?? "");
        foreach (var part in Split(change.Value!))
        {
            if (change.Operation == ConfigOperation.Subtract)
            {
                parts.Remove(part);
            }
            else if (!parts.Contains(part, StringComparer.Ordinal))
            {
                parts.Add(part);
            }
        }

        return string.Join(',', parts);
    }

    private static List<string> Split(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static (ErrorCode Error, string Message)? RefuseName(ConfigResource resource)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Topic:
                return resource.Name.Length == 0 ? (ErrorCode.InvalidRequest, "Default topic resources are not allowed.")
                    : TopicName.Refuse(resource.Name) is { } reason ? (ErrorCode.InvalidTopicException, reason)
                    : null;
            case ConfigResourceType.Broker:
                return resource.Name.Length == 0 || TryReadId(resource.Name, out _) ? null : (ErrorCode.InvalidRequest, $"Node id must be an integer, but it is: {resource.Name}");
            case ConfigResourceType.ClientMetrics:
                return resource.Name.Length == 0 ? (ErrorCode.InvalidRequest, "Subscription name can't be empty") : null;
            case ConfigResourceType.Group:
                return resource.Name.Length == 0 ? (ErrorCode.InvalidRequest, "Default group resources are not allowed.") : null;
            default:
                return (ErrorCode.InvalidRequest, $"Unknown resource type {(sbyte)resource.Type}");
        }
    }

    private static (ErrorCode Error, string Message)? RefuseUnknown(MetadataImage image, ConfigResource resource) => resource.Type switch
    {
        ConfigResourceType.Topic when image.TopicByName(resource.Name) is null =>
            (ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist."),
        ConfigResourceType.Broker when resource.Name.Length > 0 && !(TryReadId(resource.Name, out var id) && image.Brokers.ContainsKey(id)) =>
            (ErrorCode.BrokerIdNotRegistered, $"No node with id {resource.Name} found."),
        _ => null,
    };

    private static bool TryReadId(string name, out BrokerId id)
    {
        var isNumber = int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        id = new BrokerId(number);
        return isNumber;
    }

    // KAFKA-14136: what is set on a broker is written though it is the same, so that the broker looks again, for example at a file that is named.
    private static void Write(
        ConfigResource resource,
        ImmutableSortedDictionary<string, string> present,
        ImmutableSortedDictionary<string, string> values,
        Dictionary<string, string> given,
        List<IMetadataRecord> records)
    {
        foreach (var (name, value) in values)
        {
            if (!string.Equals(present.GetValueOrDefault(name), value, StringComparison.Ordinal)
                || (resource.Type == ConfigResourceType.Broker && given.ContainsKey(name)))
            {
                records.Add(RecordOf(resource, name, value));
            }
        }

        foreach (var (name, _) in present)
        {
            if (!values.ContainsKey(name))
            {
                records.Add(RecordOf(resource, name, null));
            }
        }
    }

    private static ConfigRecord RecordOf(ConfigResource resource, string name, string? value) =>
        new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value };
}
