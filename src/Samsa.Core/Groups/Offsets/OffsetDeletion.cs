using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Offsets;

/// <summary>OffsetDelete (KIP-496): not of topics that the group consumes now.</summary>
internal static class OffsetDeletion
{
    public static OffsetDeleteResponse Delete(GroupContext context, OffsetDeleteRequest request, GroupEffects effects)
    {
        var group = context.Groups.GetValueOrDefault(request.GroupId);
        var refusal = group?.CheckOffsetDelete() ?? ErrorCode.GroupIdNotFound;
        if (refusal != ErrorCode.None)
        {
            return new() { ErrorCode = refusal };
        }

        return new()
        {
            Topics =
            [
                .. request.Topics.Select(topic => new OffsetDeleteResponse.OffsetDeleteResponseTopic
                {
                    Name = topic.Name,
                    Partitions =
                    [
                        .. topic.Partitions.Select(p => new OffsetDeleteResponse.OffsetDeleteResponsePartition
                        {
                            PartitionIndex = p.PartitionIndex, ErrorCode = Delete(topic.Name, p.PartitionIndex),
                        }),
                    ],
                }),
            ],
        };

        ErrorCode Delete(string topic, int partition)
        {
            if (!context.Topics.TryGet(topic, out _, out var partitions) || partition < 0 || partition >= partitions)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            if (group!.IsSubscribedTo(topic))
            {
                return ErrorCode.GroupSubscribedToTopic;
            }

            _ = context.Offsets.Delete(request.GroupId, new TopicPartition(topic, partition), effects);
            return ErrorCode.None;
        }
    }
}
