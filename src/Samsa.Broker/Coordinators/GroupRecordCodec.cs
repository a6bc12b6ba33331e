using System.Buffers.Binary;
using Samsa.Core.Groups;
using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Coordinators;

/// <summary>The bytes of records in <c>__consumer_offsets</c>: a key is its record type and fields, a value its version and fields.</summary>
internal static class GroupRecordCodec
{
    private const int PrefixLength = 2;
    private const short KeyVersion = 0;

    /// <summary>The key's bytes.</summary>
    public static byte[] EncodeKey(IMessage key) => Encode(TypeOf(key), key, KeyVersion);

    /// <summary>The value's bytes in the version that Kafka writes; null for a tombstone.</summary>
    public static byte[]? EncodeValue(IMessage? value)
    {
        if (value is null)
        {
            return null;
        }

        // Version 1 alone can say when a position expires.
        short version = value switch
        {
            OffsetCommitValue { ExpireTimestamp: >= 0 } => 1,
            OffsetCommitValue or GroupMetadataValue => 3,
            _ => 0,
        };
        return Encode(version, value, version);
    }

    /// <summary>Reads a record; the message may keep slices of the bytes.</summary>
    /// <returns>False for a type of record that is not known here.</returns>
    /// <exception cref="ProtocolException">The bytes are malformed.</exception>
    public static bool TryDecode(ReadOnlyMemory<byte> keyBytes, ReadOnlyMemory<byte>? valueBytes, out GroupRecord record)
    {
        record = default;
        var (key, value) = keyBytes.Length < PrefixLength ? default : Create(BinaryPrimitives.ReadInt16BigEndian(keyBytes.Span));
        if (key is null)
        {
            return false;
        }

        var reader = new ProtocolReader(keyBytes[PrefixLength..]);
        key.Read(ref reader, KeyVersion);
        if (valueBytes is not { } bytes)
        {
            record = new GroupRecord(key, Value: null);
            return true;
        }

        if (bytes.Length < PrefixLength)
        {
            throw new ProtocolException($"a value of {bytes.Length} bytes has no version");
        }

        var valueReader = new ProtocolReader(bytes[PrefixLength..]);
        value!.Read(ref valueReader, BinaryPrimitives.ReadInt16BigEndian(bytes.Span));
        record = new GroupRecord(key, value);
        return true;
    }

    private static byte[] Encode(short prefix, IMessage message, short version)
    {
        var bytes = new byte[PrefixLength + message.ComputeSize(version)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, prefix);
        var writer = new ProtocolWriter(bytes.AsSpan(PrefixLength));
        message.Write(ref writer, version);
        return bytes;
    }

    private static short TypeOf(IMessage key) => key switch
    {
        LegacyOffsetCommitKey => LegacyOffsetCommitKey.RecordType,
        OffsetCommitKey => OffsetCommitKey.RecordType,
        GroupMetadataKey => GroupMetadataKey.RecordType,
        ConsumerGroupMetadataKey => ConsumerGroupMetadataKey.RecordType,
        ConsumerGroupPartitionMetadataKey => ConsumerGroupPartitionMetadataKey.RecordType,
        ConsumerGroupMemberMetadataKey => ConsumerGroupMemberMetadataKey.RecordType,
        ConsumerGroupTargetAssignmentMetadataKey => ConsumerGroupTargetAssignmentMetadataKey.RecordType,
        ConsumerGroupTargetAssignmentMemberKey => ConsumerGroupTargetAssignmentMemberKey.RecordType,
        ConsumerGroupCurrentMemberAssignmentKey => ConsumerGroupCurrentMemberAssignmentKey.RecordType,
        ConsumerGroupRegularExpressionKey => ConsumerGroupRegularExpressionKey.RecordType,
        _ => throw new ArgumentException($"{key.GetType().Name} is no key of a group", nameof(key)),
    };

    private static (IMessage? Key, IMessage? Value) Create(short type) => type switch
    {
        LegacyOffsetCommitKey.RecordType => (new LegacyOffsetCommitKey(), new OffsetCommitValue()),
        OffsetCommitKey.RecordType => (new OffsetCommitKey(), new OffsetCommitValue()),
        GroupMetadataKey.RecordType => (new GroupMetadataKey(), new GroupMetadataValue()),
        ConsumerGroupMetadataKey.RecordType => (new ConsumerGroupMetadataKey(), new ConsumerGroupMetadataValue()),
        ConsumerGroupPartitionMetadataKey.RecordType => (new ConsumerGroupPartitionMetadataKey(), new ConsumerGroupPartitionMetadataValue()),
        ConsumerGroupMemberMetadataKey.RecordType => (new ConsumerGroupMemberMetadataKey(), new ConsumerGroupMemberMetadataValue()),
        ConsumerGroupTargetAssignmentMetadataKey.RecordType =>
            (new ConsumerGroupTargetAssignmentMetadataKey(), new ConsumerGroupTargetAssignmentMetadataValue()),
        ConsumerGroupTargetAssignmentMemberKey.RecordType =>
            (new ConsumerGroupTargetAssignmentMemberKey(), new ConsumerGroupTargetAssignmentMemberValue()),
        ConsumerGroupCurrentMemberAssignmentKey.RecordType =>
            (new ConsumerGroupCurrentMemberAssignmentKey(), new ConsumerGroupCurrentMemberAssignmentValue()),
        ConsumerGroupRegularExpressionKey.RecordType => (new ConsumerGroupRegularExpressionKey(), new ConsumerGroupRegularExpressionValue()),
        _ => default,
    };
}
