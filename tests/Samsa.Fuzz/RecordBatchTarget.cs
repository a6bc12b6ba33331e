using System.Buffers.Binary;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Fuzz;

/// <summary>Record batches as a producer sends them: the leader's check, and the reader of records.</summary>
internal sealed class RecordBatchTarget : ITarget
{
    private const int MaxDecompressedBytes = 4 << 20;
    private const long NowMs = 1_700_000_000_000;
    private static readonly BatchRules s_rules = new() { MaxDecompressedBytes = MaxDecompressedBytes };
    private static readonly BatchRules s_lenient = new() { MaxDecompressedBytes = MaxDecompressedBytes, IsClient = false, AllowMultipleBatches = true };

    public string Name => "record-batch";

    public IReadOnlyList<byte[]> Seeds(Corpus corpus) =>
    [
        .. corpus.Requests
            .Select(ReadProduce)
            .OfType<ProduceRequest>()
            .SelectMany(r => r.TopicData)
            .SelectMany(t => t.PartitionData)
            .Select(p => p.Records.Memory.ToArray())
            .Where(r => r.Length >= BatchHeader.Length),
    ];

    /// <summary>Buffers of decompression are pooled, but a pool that is empty allocates.</summary>
    public long AllowedBytes(int inputLength) => 16 * MaxDecompressedBytes;

    public bool Accepts(byte[] input)
    {
        // A wrong checksum would hide everything behind it, so every other input gets a right one.
        if (input.Length > 61 && input[^1] % 2 == 0)
        {
            var size = Math.Min(input.Length - 12, Math.Max(49, BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(8)))) + 12;
            BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(17), Crc32C.Compute(input.AsSpan(21, size - 21)));
        }

        var asClient = BatchValidator.Validate(input.ToArray(), s_rules, NowMs);
        _ = BatchValidator.Validate(input.ToArray(), s_lenient, NowMs);
        try
        {
            using var reader = new RecordReader(input, MaxDecompressedBytes);
            while (reader.MoveNext())
            {
                _ = reader.Current.Value.Length;
            }
        }
        catch (InvalidRecordException)
        {
            return false;
        }

        return asClient.Error == Samsa.Model.ErrorCode.None;
    }

    private static ProduceRequest? ReadProduce(byte[] frame)
    {
        try
        {
            if (!RequestHeader.TryPeek(frame, out var key, out var version) || key != (short)ApiKey.Produce)
            {
                return null;
            }

            var reader = new ProtocolReader(frame);
            new RequestHeader().Read(ref reader, ApiCatalog.Get(ApiKey.Produce).RequestHeaderVersion(version));
            var request = new ProduceRequest();
            request.Read(ref reader, version);
            return request;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
