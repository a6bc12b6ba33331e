using Samsa.Core.Groups.Classic;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups;

/// <summary>DescribeGroups and ListGroups.</summary>
internal static class GroupQueries
{
    private const short FirstVersionWithNotFound = 6;

    public static DescribeGroupsResponse Describe(GroupContext context, DescribeGroupsRequest request, short version) => new()
    {
        Groups = [.. request.Groups.Select(id => Describe(context, id, version))],
    };

    public static ListGroupsResponse List(GroupContext context, ListGroupsRequest request) => new()
    {
        Groups =
        [
            .. context.Groups.Values
                .Where(g => Passes(request.StatesFilter, g.StateName) && Passes(request.TypesFilter, g.Kind))
                .OrderBy(g => g.Id, StringComparer.Ordinal)
                .Select(g => new ListGroupsResponse.ListedGroup
                {
                    GroupId = g.Id, ProtocolType = g.ProtocolTypeName, GroupState = g.StateName, GroupType = g.Kind,
                }),
        ],
    };

    private static bool Passes(string[] filter, string name) =>
        filter.Length == 0 || filter.Any(f => f.Equals(name, StringComparison.OrdinalIgnoreCase));

    // KIP-1043: before version 6 a group that does not exist is described as dead, without an error.
    private static DescribeGroupsResponse.DescribedGroup Describe(GroupContext context, string id, short version)
    {
        if (context.Groups.GetValueOrDefault(id) is ClassicGroup group)
        {
            return group.Describe();
        }

        var dead = new DescribeGroupsResponse.DescribedGroup { GroupId = id, GroupState = "Dead" };
        if (version >= FirstVersionWithNotFound)
        {
            dead.ErrorCode = ErrorCode.GroupIdNotFound;
            dead.ErrorMessage = context.Groups.ContainsKey(id) ? $"Group {id} is not a classic group." : $"Group {id} not found.";
        }

        return dead;
    }
}
