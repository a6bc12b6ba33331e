using Samsa.Core.Groups.Offsets;

namespace Samsa.Core.Groups;

/// <summary>What the parts of one shard share: its groups, offsets and deadlines, and where settings and ids come from.</summary>
internal sealed class GroupContext(Func<GroupSettings> settings, IGroupTopics topics, IGroupIds ids)
{
    public GroupSettings Settings => settings();

    public IGroupTopics Topics { get; } = topics;

    public IGroupIds Ids { get; } = ids;

    public Dictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);

    public OffsetStore Offsets { get; } = new();

    public GroupDeadlines Deadlines { get; } = new();
}
