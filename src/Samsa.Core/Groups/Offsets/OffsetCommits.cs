using System.Text;
using Samsa.Core.Groups.Classic;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Offsets;

/// <summary>OffsetCommit. Whether the topics exist was checked before.</summary>
internal static class OffsetCommits
{
    private const short FirstVersionWithGroupNotFound = 9;
    private const short VersionWithTimestamps = 1;
    private const long DefaultRetention = -1;

    public static OffsetCommitResponse Commit(GroupContext context, OffsetCommitRequest request, in GroupRequest from, GroupEffects effects)
    {
        var refusal = Check(context, request, from);
        var (version, now) = (from.ApiVersion, from.NowMs);
        var group = context.Groups.GetValueOrDefault(request.GroupId);
        var limit = context.Settings.OffsetMetadataMaxBytes;
        return new()
        {
            Topics =
            [
                .. request.Topics.Select(topic => new OffsetCommitResponse.OffsetCommitResponseTopic
                {
                    Name = topic.Name,
                    TopicId = topic.TopicId,
                    Partitions =
                    [
                        .. topic.Partitions.Select(p => new OffsetCommitResponse.OffsetCommitResponsePartition
                        {
                            PartitionIndex = p.PartitionIndex, ErrorCode = refusal != ErrorCode.None ? refusal : Commit(topic, p),
                        }),
                    ],
                }),
            ],
        };

        ErrorCode Commit(OffsetCommitRequest.OffsetCommitRequestTopic topic, OffsetCommitRequest.OffsetCommitRequestPartition partition)
        {
            var metadata = partition.CommittedMetadata ?? "";
            if (Encoding.UTF8.GetByteCount(metadata) > limit)
            {
                return ErrorCode.OffsetMetadataTooLarge;
            }

            var name = topic.Name.Length > 0 ? topic.Name : context.Topics.NameOf(topic.TopicId);
            if (name is null)
            {
                return ErrorCode.UnknownTopicId;
            }

            var id = topic.TopicId.IsKnown || !context.Topics.TryGet(name, out var named, out _) ? topic.TopicId : named;
            if (group!.CheckCommitOf(request, id, partition.PartitionIndex) is var stale and not ErrorCode.None)
            {
                return stale;
            }

            var committed = version == VersionWithTimestamps && partition.CommitTimestamp >= 0 ? partition.CommitTimestamp : now;
            context.Offsets.Commit(
                request.GroupId,
                new TopicPartition(name, partition.PartitionIndex),
                new CommittedOffset(
                    partition.CommittedOffset,
                    partition.CommittedLeaderEpoch,
                    metadata,
                    committed,
                    request.RetentionTimeMs == DefaultRetention ? -1 : now + request.RetentionTimeMs),
                effects);
            return ErrorCode.None;
        }
    }

    private static ErrorCode Check(GroupContext context, OffsetCommitRequest request, in GroupRequest from)
    {
        if (context.Groups.TryGetValue(request.GroupId, out var group))
        {
            return group.CheckCommit(request, from.ApiVersion, from.NowMs);
        }

        if (request.GenerationIdOrMemberEpoch >= 0)
        {
            return from.ApiVersion >= FirstVersionWithGroupNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
        }

        // Whoever assigns its partitions by itself commits to a group without members.
        context.Groups.Add(request.GroupId, new ClassicGroup(request.GroupId));
        return ErrorCode.None;
    }
}
