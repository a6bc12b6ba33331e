using System.Reflection;
using System.Text.Json.Nodes;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Records;

namespace Samsa.Server.Tests.Golden;

/// <summary>A message as a tree of plain values, record batches taken apart; made by reflection, for comparing.</summary>
internal static class MessageTree
{
    public static JsonObject Of(object message)
    {
        var tree = new JsonObject();
        foreach (PropertyInfo property in message.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0 && property.PropertyType != typeof(ApiKey))
            {
                tree[property.Name] = Node(property.GetValue(message));
            }
        }

        return tree;
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        ErrorCode code => (short)code,
        Offset offset => offset.Value,
        LeaderEpoch epoch => epoch.Value,
        BrokerId id => id.Value,
        ProducerId id => id.Value,
        TopicId id => id.Value.ToString(),
        Guid id => id.ToString(),
        RecordsPayload records => Records(records),
        ReadOnlyMemory<byte> bytes => Convert.ToHexStringLower(bytes.Span),
        double number => number,
        sbyte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        Array items => new JsonArray([.. items.Cast<object?>().Select(Node)]),
        _ => Of(value),
    };

    /// <summary>Header fields and the bytes after the header; not the CRC and the producer id, which follow from bound values.</summary>
    private static JsonArray? Records(RecordsPayload records)
    {
        if (records.IsNull)
        {
            return null;
        }

        var batches = new JsonArray();
        ReadOnlyMemory<byte> rest = records.Memory;
        while (BatchHeader.TryRead(rest.Span, out BatchHeader header) && header.SizeInBytes <= rest.Length)
        {
            batches.Add(new JsonObject
            {
                ["BaseOffset"] = header.BaseOffset.Value,
                ["LastOffset"] = header.LastOffset.Value,
                ["LeaderEpoch"] = header.LeaderEpoch.Value,
                ["Attributes"] = (int)System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(rest.Span[21..]),
                ["BaseTimestamp"] = header.BaseTimestamp,
                ["MaxTimestamp"] = header.MaxTimestamp,
                ["HasProducer"] = header.HasProducerId,
                ["ProducerEpoch"] = header.ProducerEpoch,
                ["BaseSequence"] = header.BaseSequence,
                ["Records"] = Convert.ToHexStringLower(rest.Span[BatchHeader.Length..header.SizeInBytes]),
            });
            rest = rest[header.SizeInBytes..];
        }

        if (rest.Length > 0)
        {
            batches.Add(new JsonObject { ["IncompleteBytes"] = rest.Length });
        }

        return batches;
    }
}
