using Samsa.Protocol.Records;

namespace Samsa.Protocol;

/// <summary>
/// Record values of <c>__cluster_metadata</c>: unsigned varints frame version (1), record type and record version, then the
/// fields.
/// </summary>
public static partial class MetadataRecordCodec
{
    private const int FrameVersion = 1;

    /// <summary>Reads a record. Its bytes fields stay slices of <paramref name="value"/>.</summary>
    /// <exception cref="ProtocolException">The bytes are malformed, or the record's type or version is unknown.</exception>
    public static IMetadataRecord Read(ReadOnlyMemory<byte> value)
    {
        var reader = new ProtocolReader(value);
        var frameVersion = reader.ReadUnsignedVarint();
        if (frameVersion != FrameVersion)
        {
            throw new ProtocolException($"A metadata record of frame version {frameVersion}; known is {FrameVersion}");
        }

        var type = reader.ReadUnsignedVarint();
        var version = reader.ReadUnsignedVarint();
        var record = Create((uint)type) ?? throw new ProtocolException($"A metadata record of unknown type {type}");
        record.Read(ref reader, (short)Math.Min(version, short.MaxValue));
        if (reader.Remaining > 0)
        {
            throw new ProtocolException($"{reader.Remaining} bytes after a metadata record of type {type}");
        }

        return record;
    }

    /// <summary>Writes a record in its latest version.</summary>
    public static byte[] Write(IMetadataRecord record) => Write(record, record.LatestVersion);

    /// <summary>Writes a record in a version, which may have to be an old one that every voter understands.</summary>
    /// <exception cref="ProtocolException">The version is unknown, or cannot carry what the record says.</exception>
    public static byte[] Write(IMetadataRecord record, short version)
    {
        var size = WireSize.UnsignedVarint(FrameVersion)
            + WireSize.UnsignedVarint(record.RecordType)
            + WireSize.UnsignedVarint(version)
            + record.ComputeSize(version);
        var value = new byte[size];
        var writer = new ProtocolWriter(value);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint(record.RecordType);
        writer.WriteUnsignedVarint(version);
        record.Write(ref writer, version);
        return value;
    }
}
