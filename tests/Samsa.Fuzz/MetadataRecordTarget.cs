using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Fuzz;

/// <summary>The value of a record of the metadata log.</summary>
internal sealed class MetadataRecordTarget : ITarget
{
    public string Name => "metadata-record";

    public IReadOnlyList<byte[]> Seeds(Corpus corpus) =>
    [
        MetadataRecordCodec.Write(new TopicRecord { Name = "orders" }),
        MetadataRecordCodec.Write(new PartitionRecord { Replicas = [new(1), new(2)], Isr = [new(1)], Directories = [Guid.Empty] }),
        MetadataRecordCodec.Write(new PartitionChangeRecord { Isr = [new(1)], Leader = new(1), Directories = [Guid.Empty] }),
        MetadataRecordCodec.Write(new ConfigRecord { ResourceName = "orders", Name = "retention.ms", Value = "1" }),
        MetadataRecordCodec.Write(new RegisterBrokerRecord { EndPoints = [new() { Name = "PLAINTEXT", Host = "h" }], Rack = "r", LogDirs = [Guid.Empty] }),
    ];

    public long AllowedBytes(int inputLength) => MessageCheck.AllowedBytes(inputLength);

    public bool Accepts(byte[] input)
    {
        try
        {
            _ = MetadataRecordCodec.Read(input);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
