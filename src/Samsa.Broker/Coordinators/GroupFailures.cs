using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Coordinators;

/// <summary>The answer of each group API that says one error for everything asked.</summary>
internal static class GroupFailures
{
    private const short FirstOffsetFetchVersionWithError = 2;
    private const short FirstOffsetFetchVersionWithGroups = 8;
    private const short FirstJoinVersionWithoutProtocol = 7;

    /// <summary>Answers a request with an error.</summary>
    public static IResponse Answer(IRequest request, short version, ErrorCode error) => request switch
    {
        JoinGroupRequest r => new JoinGroupResponse
        {
            ErrorCode = error, MemberId = r.MemberId, ProtocolName = version >= FirstJoinVersionWithoutProtocol ? null : "",
        },
        SyncGroupRequest => new SyncGroupResponse { ErrorCode = error },
        HeartbeatRequest => new HeartbeatResponse { ErrorCode = error },
        LeaveGroupRequest => new LeaveGroupResponse { ErrorCode = error },
        OffsetCommitRequest r => Commit(r, error),
        OffsetFetchRequest r => Fetch(r, version, error),
        OffsetDeleteRequest => new OffsetDeleteResponse { ErrorCode = error },
        DescribeGroupsRequest r => new DescribeGroupsResponse
        {
            Groups = [.. r.Groups.Select(g => new DescribeGroupsResponse.DescribedGroup { GroupId = g, ErrorCode = error })],
        },
        ListGroupsRequest => new ListGroupsResponse { ErrorCode = error },
        DeleteGroupsRequest r => new DeleteGroupsResponse
        {
            Results = [.. r.GroupsNames.Select(g => new DeleteGroupsResponse.DeletableGroupResult { GroupId = g, ErrorCode = error })],
        },
        ConsumerGroupHeartbeatRequest => new ConsumerGroupHeartbeatResponse { ErrorCode = error },
        ConsumerGroupDescribeRequest r => new ConsumerGroupDescribeResponse
        {
            Groups = [.. r.GroupIds.Select(g => new ConsumerGroupDescribeResponse.DescribedGroup { GroupId = g, ErrorCode = error })],
        },
        _ => throw new ArgumentException($"{request.ApiKey} is no group API", nameof(request)),
    };

    private static OffsetCommitResponse Commit(OffsetCommitRequest request, ErrorCode error) => new()
    {
        Topics =
        [
            .. request.Topics.Select(t => new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = t.Name,
                TopicId = t.TopicId,
                Partitions =
                [
                    .. t.Partitions.Select(p => new OffsetCommitResponse.OffsetCommitResponsePartition
                    {
                        PartitionIndex = p.PartitionIndex, ErrorCode = error,
                    }),
                ],
            }),
        ],
    };

    private static OffsetFetchResponse Fetch(OffsetFetchRequest request, short version, ErrorCode error)
    {
        if (version >= FirstOffsetFetchVersionWithGroups)
        {
            return new() { Groups = [.. request.Groups.Select(g => new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = g.GroupId, ErrorCode = error })] };
        }

        if (version >= FirstOffsetFetchVersionWithError)
        {
            return new() { ErrorCode = error };
        }

        return new()
        {
            Topics =
            [
                .. (request.Topics ?? []).Select(t => new OffsetFetchResponse.OffsetFetchResponseTopic
                {
                    Name = t.Name,
                    Partitions =
                    [
                        .. t.PartitionIndexes.Select(p => new OffsetFetchResponse.OffsetFetchResponsePartition
                        {
                            PartitionIndex = p, CommittedOffset = Offset.None, Metadata = "", ErrorCode = error,
                        }),
                    ],
                }),
            ],
        };
    }
}
