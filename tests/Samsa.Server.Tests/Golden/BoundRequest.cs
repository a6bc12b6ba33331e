using System.Buffers.Binary;
using System.Reflection;
using System.Text.Json.Nodes;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Server.Tests.Golden;

/// <summary>Puts the values of this run into a recorded request.</summary>
internal static class BoundRequest
{
    private const string InsideBatch = "#producerId";
    private const int ProducerIdPosition = 43;
    private const int CrcPosition = 17;
    private const int CrcCoversFrom = 21;

    /// <summary>The request with that value at that path; the frame as it was where the request is not decodable.</summary>
    public static byte[] With(byte[] frame, string path, JsonNode value)
    {
        if (!WireFrame.TryReadRequest(frame, out RequestHeader? header, out IRequest? request, out ApiInfo? api))
        {
            return frame;
        }

        bool inBatch = path.EndsWith(InsideBatch, StringComparison.Ordinal);
        IReadOnlyList<object> steps = TreePath.Steps(inBatch ? path[..^InsideBatch.Length] : path);
        object owner = request;
        foreach (object step in steps.Take(steps.Count - 1))
        {
            owner = step is int index ? ((Array)owner).GetValue(index)! : Property(owner, (string)step).GetValue(owner)!;
        }

        PropertyInfo target = Property(owner, (string)steps[^1]);
        target.SetValue(owner, inBatch ? WithProducer((RecordsPayload)target.GetValue(owner)!, (long)value) : Typed(target.PropertyType, value));
        return WireFrame.Write(header, request, api);
    }

    private static PropertyInfo Property(object owner, string name) =>
        owner.GetType().GetProperty(name) ?? throw new InvalidOperationException($"{owner.GetType().Name} has no {name}");

    private static object Typed(Type type, JsonNode value) => type switch
    {
        _ when type == typeof(TopicId) => new TopicId(Guid.Parse((string)value!)),
        _ when type == typeof(ProducerId) => new ProducerId((long)value),
        _ when type == typeof(int) => (int)(long)value,
        _ when type == typeof(long) => (long)value,
        _ when type == typeof(string) => (string)value!,
        _ when type == typeof(int[]) => value.AsArray().Select(item => (int)(long)item!).ToArray(),
        _ => throw new NotSupportedException($"a bound value of type {type.Name}"),
    };

    private static RecordsPayload WithProducer(RecordsPayload records, long producerId)
    {
        byte[] batch = records.Memory.ToArray();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(ProducerIdPosition), producerId);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(CrcPosition), Crc32C.Compute(batch.AsSpan(CrcCoversFrom)));
        return new RecordsPayload(batch);
    }
}
