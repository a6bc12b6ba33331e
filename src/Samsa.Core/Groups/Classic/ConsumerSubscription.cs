using Samsa.Protocol;

namespace Samsa.Core.Groups.Classic;

/// <summary>The beginning of what a consumer tells its group: a version and the topics it wants.</summary>
internal static class ConsumerSubscription
{
    /// <summary>Adds the topics; false where the bytes are no subscription.</summary>
    public static bool TryReadTopics(byte[] metadata, HashSet<string> topics)
    {
        try
        {
            var reader = new ProtocolReader(metadata);
            if (reader.ReadInt16() < 0)
            {
                return false;
            }

            var count = reader.ReadInt32();
            for (var i = 0; i < count; i++)
            {
                topics.Add(reader.ReadString(compact: false));
            }

            return count >= 0;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
