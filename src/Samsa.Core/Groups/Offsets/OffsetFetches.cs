using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Offsets;

/// <summary>OffsetFetch: of one group up to version 7, of several from version 8 on (KIP-709).</summary>
internal static class OffsetFetches
{
    private const short FirstVersionWithGroups = 8;
    private const short FirstVersionWithTopicIds = 10;

    public static OffsetFetchResponse Fetch(GroupContext context, OffsetFetchRequest request, in GroupRequest from)
    {
        var version = from.ApiVersion;
        if (version >= FirstVersionWithGroups)
        {
            return new() { Groups = [.. request.Groups.Select(g => Fetch(context, g, version))] };
        }

        var topics = request.Topics?.Select(t => (t.Name, Partitions: t.PartitionIndexes)) ?? All(context, request.GroupId);
        return new()
        {
            Topics =
            [
                .. topics.Select(t => new OffsetFetchResponse.OffsetFetchResponseTopic
                {
                    Name = t.Name,
                    Partitions = [.. t.Partitions.Select(p => Old(p, context.Offsets.Find(request.GroupId, t.Name, p)))],
                }),
            ],
        };
    }

    private static OffsetFetchResponse.OffsetFetchResponseGroup Fetch(
        GroupContext context, OffsetFetchRequest.OffsetFetchRequestGroup request, short version)
    {
        var refusal = context.Groups.GetValueOrDefault(request.GroupId)?.CheckFetch(request.MemberId, request.MemberEpoch) ?? ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            return new() { GroupId = request.GroupId, ErrorCode = refusal };
        }

        var byId = version >= FirstVersionWithTopicIds;
        var topics = request.Topics?.Select(t => (Name: byId ? context.Topics.NameOf(t.TopicId) : t.Name, t.TopicId, Partitions: t.PartitionIndexes))
            ?? All(context, request.GroupId).Select(t => (
                Name: (string?)t.Name, TopicId: context.Topics.TryGet(t.Name, out var id, out _) ? id : TopicId.None, t.Partitions));
        return new()
        {
            GroupId = request.GroupId,
            Topics =
            [
                .. topics.Where(t => !byId || t.TopicId != TopicId.None).Select(t => new OffsetFetchResponse.OffsetFetchResponseTopics
                {
                    Name = t.Name ?? "",
                    TopicId = t.TopicId,
                    Partitions =
                    [
                        .. t.Partitions.Select(p => t.Name is null
                            ? Answer(p, null, ErrorCode.UnknownTopicId)
                            : Answer(p, context.Offsets.Find(request.GroupId, t.Name, p), ErrorCode.None)),
                    ],
                }),
            ],
        };
    }

    private static IEnumerable<(string Name, int[] Partitions)> All(GroupContext context, string group) =>
        (context.Offsets.Of(group)?.Keys ?? [])
            .GroupBy(n => n.Topic, StringComparer.Ordinal)
            .OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => (t.Key, t.Select(n => n.Partition).Order().ToArray()));

    private static OffsetFetchResponse.OffsetFetchResponsePartition Old(int partition, CommittedOffset? offset) => new()
    {
        PartitionIndex = partition,
        CommittedOffset = offset?.Position ?? Offset.None,
        CommittedLeaderEpoch = offset?.LeaderEpoch ?? LeaderEpoch.None,
        Metadata = offset?.Metadata ?? "",
    };

    private static OffsetFetchResponse.OffsetFetchResponsePartitions Answer(int partition, CommittedOffset? offset, ErrorCode error) => new()
    {
        PartitionIndex = partition,
        CommittedOffset = offset?.Position ?? Offset.None,
        CommittedLeaderEpoch = offset?.LeaderEpoch ?? LeaderEpoch.None,
        Metadata = offset?.Metadata ?? "",
        ErrorCode = error,
    };
}
