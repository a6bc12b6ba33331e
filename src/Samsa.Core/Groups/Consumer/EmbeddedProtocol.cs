using System.Buffers.Binary;
using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>What classic consumers put into JoinGroup and expect from SyncGroup: a version, then a message of that version.</summary>
internal static class EmbeddedProtocol
{
    private const int PrefixLength = 2;
    private const short LastVersion = 3;

    /// <summary>Reads a subscription.</summary>
    /// <returns>Null where the bytes are none.</returns>
    public static ConsumerProtocolSubscription? TryReadSubscription(ReadOnlyMemory<byte> bytes) => TryRead<ConsumerProtocolSubscription>(bytes);

    /// <summary>Reads an assignment; no bytes at all are an empty one.</summary>
    /// <returns>Null where the bytes are none.</returns>
    public static ConsumerProtocolAssignment? TryReadAssignment(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == 0 ? new() : TryRead<ConsumerProtocolAssignment>(bytes);

    /// <summary>The partitions of a subscription that exist, by their topics' ids.</summary>
    public static HashSet<TopicIdPartition> Owned(ConsumerProtocolSubscription subscription, IGroupTopics topics) =>
        Known(subscription.OwnedPartitions.Select(t => (t.Topic, t.Partitions)), topics);

    /// <summary>The partitions of an assignment that exist, by their topics' ids.</summary>
    public static HashSet<TopicIdPartition> Assigned(ConsumerProtocolAssignment assignment, IGroupTopics topics) =>
        Known(assignment.AssignedPartitions.Select(t => (t.Topic, t.Partitions)), topics);

    /// <summary>An assignment in the version a member speaks.</summary>
    public static byte[] WriteAssignment(IEnumerable<TopicIdPartition> partitions, ClassicProfile profile, IGroupTopics topics)
    {
        var subscription = profile.Protocols[0].Metadata;
        var version = Math.Min(BinaryPrimitives.ReadInt16BigEndian(subscription), LastVersion);
        var message = new ConsumerProtocolAssignment
        {
            AssignedPartitions =
            [
                .. partitions
                    .ByTopic((id, indexes) => (Name: topics.NameOf(id), Indexes: indexes))
                    .Where(t => t.Name is not null)
                    .Select(t => new ConsumerProtocolAssignment.TopicPartition { Topic = t.Name!, Partitions = t.Indexes }),
            ],
        };
        var bytes = new byte[PrefixLength + message.ComputeSize(version)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, version);
        var writer = new ProtocolWriter(bytes.AsSpan(PrefixLength));
        message.Write(ref writer, version);
        return bytes;
    }

    private static HashSet<TopicIdPartition> Known(IEnumerable<(string Topic, int[] Partitions)> named, IGroupTopics topics) =>
    [
        .. named.SelectMany(t => topics.TryGet(t.Topic, out var id, out var count)
            ? t.Partitions.Where(p => p >= 0 && p < count).Select(p => new TopicIdPartition(id, p))
            : []),
    ];

    private static T? TryRead<T>(ReadOnlyMemory<byte> bytes)
        where T : class, IMessage, new()
    {
        try
        {
            var reader = new ProtocolReader(bytes);
            var version = reader.ReadInt16();
            if (version < 0)
            {
                return null;
            }

            var message = new T();
            message.Read(ref reader, Math.Min(version, LastVersion));
            return message;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
