using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups;

/// <summary>DeleteGroups (KIP-229): only groups without members, with all they committed.</summary>
internal static class GroupDeletion
{
    public static DeleteGroupsResponse Delete(GroupContext context, DeleteGroupsRequest request, GroupEffects effects) => new()
    {
        Results =
        [
            .. request.GroupsNames.Distinct(StringComparer.Ordinal).Select(id => new DeleteGroupsResponse.DeletableGroupResult
            {
                GroupId = id, ErrorCode = Delete(context, id, effects),
            }),
        ],
    };

    private static ErrorCode Delete(GroupContext context, string id, GroupEffects effects)
    {
        if (context.Groups.GetValueOrDefault(id) is not { } group)
        {
            return ErrorCode.GroupIdNotFound;
        }

        if (!group.IsEmpty)
        {
            return ErrorCode.NonEmptyGroup;
        }

        context.Offsets.RemoveGroup(id, effects);
        group.AppendTombstones(effects);
        _ = context.Groups.Remove(id);
        return ErrorCode.None;
    }
}
