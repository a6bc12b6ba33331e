using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Classic;

/// <summary>The answers of the classic protocol, version by version.</summary>
internal static class ClassicAnswers
{
    private const short FirstJoinVersionWithoutProtocol = 7;

    /// <summary>A join that failed.</summary>
    public static JoinGroupResponse JoinFailed(string memberId, ErrorCode error, short version) => new()
    {
        ErrorCode = error, MemberId = memberId, ProtocolName = version >= FirstJoinVersionWithoutProtocol ? null : "",
    };

    /// <summary>A join that is done: only the leader learns who the members are.</summary>
    public static JoinGroupResponse Joined(ClassicGroup group, ClassicMember member) => new()
    {
        GenerationId = group.Generation,
        ProtocolType = group.ProtocolType,
        ProtocolName = group.Protocol,
        Leader = group.LeaderId ?? "",
        MemberId = member.Id,
        Members = group.LeaderId == member.Id ? Members(group) : [],
    };

    /// <summary>All members with their subscriptions.</summary>
    public static JoinGroupResponse.JoinGroupResponseMember[] Members(ClassicGroup group) =>
    [
        .. group.Members.Values.Select(m => new JoinGroupResponse.JoinGroupResponseMember
        {
            MemberId = m.Id, GroupInstanceId = m.InstanceId, Metadata = m.MetadataFor(group.Protocol),
        }),
    ];

    /// <summary>A sync that is done.</summary>
    public static SyncGroupResponse Synced(ClassicGroup group, ClassicMember member) => new()
    {
        ProtocolType = group.ProtocolType, ProtocolName = group.Protocol, Assignment = member.Assignment,
    };

    /// <summary>A sync that failed.</summary>
    public static SyncGroupResponse SyncFailed(ErrorCode error) => new() { ErrorCode = error };
}
