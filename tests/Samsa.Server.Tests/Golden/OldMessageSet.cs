using System.Buffers.Binary;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Server.Tests.Golden;

/// <summary>
/// Produce 0 to 2 carry message formats 0 and 1, which no longer exist. What they appended in the recording is sent as a version 3
/// request with the same records, so that the offsets of all later cases agree.
/// </summary>
internal static class OldMessageSet
{
    private const short FirstServed = 3;
    private const byte NewMagic = 2;
    private const int MagicPosition = 16;

    public static bool TryStandIn(GoldenCase golden, out byte[] frame)
    {
        frame = [];
        if (golden.Api != "Produce" || golden.Version >= FirstServed || !golden.IsSetup && !golden.Name.EndsWith("magic-2-in-v2", StringComparison.Ordinal))
        {
            return false;
        }

        ApiInfo api = ApiCatalog.Get(ApiKey.Produce);
        var reader = new ProtocolReader(golden.Request.AsMemory(WireFrame.SizeLength));
        var header = new RequestHeader();
        header.Read(ref reader, 1);
        var request = new ProduceRequest { Acks = reader.ReadInt16(), TimeoutMs = reader.ReadInt32() };
        request.TopicData = ReadTopics(ref reader);
        header.ApiVersion = FirstServed;
        frame = WireFrame.Write(header, request, api);
        return true;
    }

    private static ProduceRequest.TopicProduceData[] ReadTopics(ref ProtocolReader reader)
    {
        var topics = new ProduceRequest.TopicProduceData[reader.ReadArrayLength(compact: false, 1)];
        for (int t = 0; t < topics.Length; t++)
        {
            string name = reader.ReadString(compact: false);
            var partitions = new ProduceRequest.PartitionProduceData[reader.ReadArrayLength(compact: false, 1)];
            for (int p = 0; p < partitions.Length; p++)
            {
                partitions[p] = new() { Index = reader.ReadInt32(), Records = Converted(reader.ReadBytes(compact: false)) };
            }

            topics[t] = new() { Name = name, PartitionData = partitions };
        }

        return topics;
    }

    private static RecordsPayload Converted(ReadOnlyMemory<byte> set)
    {
        if (set.Span[MagicPosition] == NewMagic)
        {
            return new RecordsPayload(set);
        }

        using var builder = new RecordBatchBuilder();
        ReadOnlyMemory<byte> rest = set;
        while (rest.Length > MagicPosition)
        {
            int end = 12 + BinaryPrimitives.ReadInt32BigEndian(rest.Span[8..]);
            // CRC, magic and attributes; then the timestamp, which format 0 lacks.
            bool hasTimestamp = rest.Span[MagicPosition] == 1;
            long timestamp = hasTimestamp ? BinaryPrimitives.ReadInt64BigEndian(rest.Span[18..]) : -1;
            int at = hasTimestamp ? 26 : 18;
            builder.Append(timestamp, Field(rest, ref at), Field(rest, ref at));
            rest = rest[end..];
        }

        return new RecordsPayload(builder.Build().ToArray());
    }

    private static ReadOnlyMemory<byte>? Field(ReadOnlyMemory<byte> message, ref int at)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(message.Span[at..]);
        at += 4;
        if (length < 0)
        {
            return null;
        }

        ReadOnlyMemory<byte> field = message.Slice(at, length);
        at += length;
        return field;
    }
}
