using Samsa.Protocol;

#pragma warning disable CA1822 // The groups themselves follow.

namespace Samsa.Core.Groups;

/// <summary>
/// The groups and committed offsets of one partition of <c>__consumer_offsets</c>: a deterministic state machine. Calls
/// come one at a time. What a call returns is appended as one batch; its answers leave once that is committed.
/// </summary>
/// <param name="settings">The settings in force; asked anew at each use, since they may change at run time.</param>
/// <param name="topics">The topics of the cluster.</param>
/// <param name="ids">Source of member ids.</param>
public sealed class GroupShard(Func<GroupSettings> settings, IGroupTopics topics, IGroupIds ids)
{
    /// <summary>The settings, topics and ids it was made with.</summary>
    public (Func<GroupSettings> Settings, IGroupTopics Topics, IGroupIds Ids) Sources { get; } = (settings, topics, ids);

    /// <summary>When <see cref="Tick"/> must be called at the latest; <see cref="long.MaxValue"/> where nothing waits.</summary>
    public long NextDeadlineMs => long.MaxValue;

    /// <summary>Serves one request of a group API (the shell has checked that this shard is the group's).</summary>
    /// <exception cref="ArgumentException">The request is of an API that groups do not have.</exception>
    public GroupEffects Handle(IRequest request, in GroupRequest from) =>
        throw new ArgumentException($"{request.ApiKey} is no group API", nameof(request));

    /// <summary>Lets time pass: sessions and rebalances that ended, offsets that expired.</summary>
    public GroupEffects Tick(long nowMs) => new();

    /// <summary>A topic was deleted: its offsets go.</summary>
    public GroupEffects OnTopicsDeleted(IReadOnlyCollection<string> deleted) => new();

    /// <summary>Takes in one record while the shard is loaded.</summary>
    public void Replay(IMessage key, IMessage? value)
    {
    }

    /// <summary>The last record was replayed: sessions begin now.</summary>
    public void Loaded(long nowMs)
    {
    }
}
