using Samsa.Core.Groups.Classic;
using Samsa.Core.Groups.Consumer;
using Samsa.Core.Groups.Offsets;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups;

/// <summary>
/// The groups and committed offsets of one partition of <c>__consumer_offsets</c>: a deterministic state machine. Calls
/// come one at a time. What a call returns is appended as one batch; its answers leave once that is committed.
/// </summary>
public sealed class GroupShard
{
    private readonly GroupContext _context;
    private readonly ClassicProtocol _classic;
    private readonly ConsumerProtocol _consumer;
    private readonly OffsetExpiration _expiration;

    /// <summary>An empty shard.</summary>
    /// <param name="settings">The settings in force; asked anew at each use, since they may change at run time.</param>
    /// <param name="topics">The topics of the cluster.</param>
    /// <param name="ids">Source of member ids.</param>
    public GroupShard(Func<GroupSettings> settings, IGroupTopics topics, IGroupIds ids)
    {
        _context = new GroupContext(settings, topics, ids);
        _classic = new ClassicProtocol(_context);
        _consumer = new ConsumerProtocol(_context);
        _expiration = new OffsetExpiration(_context);
    }

    /// <summary>When <see cref="Tick"/> must be called at the latest; <see cref="long.MaxValue"/> where nothing waits.</summary>
    public long NextDeadlineMs => _context.Deadlines.NextMs;

    /// <summary>The groups.</summary>
    public IReadOnlyCollection<Group> Groups => _context.Groups.Values;

    /// <summary>How many offsets are committed.</summary>
    public int OffsetCount => _context.Offsets.Count;

    /// <summary>Serves one request of a group API (the shell has checked that this shard is the group's).</summary>
    /// <exception cref="ArgumentException">The request is of an API that groups do not have.</exception>
    public GroupEffects Handle(IRequest request, in GroupRequest from)
    {
        var effects = new GroupEffects();
        switch (request)
        {
            case JoinGroupRequest or SyncGroupRequest or HeartbeatRequest or LeaveGroupRequest:
                HandleClassic(request, from, effects);
                break;
            case ConsumerGroupHeartbeatRequest heartbeat:
                effects.Reply(from.Ticket, _consumer.Heartbeat(heartbeat, from, effects));
                break;
            case ConsumerGroupDescribeRequest describe:
                effects.Reply(from.Ticket, _consumer.Describe(describe));
                break;
            case OffsetCommitRequest commit:
                effects.Reply(from.Ticket, OffsetCommits.Commit(_context, commit, from, effects));
                break;
            case OffsetFetchRequest fetch:
                effects.Reply(from.Ticket, OffsetFetches.Fetch(_context, fetch, from));
                break;
            case OffsetDeleteRequest delete:
                effects.Reply(from.Ticket, OffsetDeletion.Delete(_context, delete, effects));
                break;
            case DescribeGroupsRequest describe:
                effects.Reply(from.Ticket, GroupQueries.Describe(_context, describe, from.ApiVersion));
                break;
            case ListGroupsRequest list:
                effects.Reply(from.Ticket, GroupQueries.List(_context, list));
                break;
            case DeleteGroupsRequest delete:
                effects.Reply(from.Ticket, GroupDeletion.Delete(_context, delete, effects));
                break;
            default:
                throw new ArgumentException($"{request.ApiKey} is no group API", nameof(request));
        }

        return effects;
    }

    /// <summary>Lets time pass: sessions and rebalances that ended, offsets that expired.</summary>
    public GroupEffects Tick(long nowMs)
    {
        var effects = new GroupEffects();
        while (_context.Deadlines.TryTake(nowMs, out var due))
        {
            switch (due.Kind)
            {
                case DeadlineKind.OffsetExpiry:
                    _expiration.Run(nowMs, effects);
                    break;
                case DeadlineKind.Consumer:
                    _consumer.OnDeadline(due, nowMs, effects);
                    break;
                default:
                    _classic.OnDeadline(due, nowMs, effects);
                    break;
            }
        }

        return effects;
    }

    /// <summary>A topic was deleted: its offsets go.</summary>
    public GroupEffects OnTopicsDeleted(IReadOnlyCollection<string> deleted)
    {
        var effects = new GroupEffects();
        _context.Offsets.RemoveTopics(deleted, effects);
        return effects;
    }

    /// <summary>Takes in one record while the shard is loaded; record types it does not know are passed over.</summary>
    public void Replay(IMessage key, IMessage? value)
    {
        switch (key)
        {
            case OffsetCommitKey or LegacyOffsetCommitKey:
                _context.Offsets.Apply(key, value);
                break;
            case GroupMetadataKey group:
                _classic.Replay(group.Group, value as GroupMetadataValue);
                break;
            default:
                _consumer.Replay(key, value);
                break;
        }
    }

    /// <summary>The last record was replayed: sessions begin now.</summary>
    public void Loaded(long nowMs)
    {
        foreach (var id in _context.Offsets.GroupIds)
        {
            _ = _context.Groups.TryAdd(id, new ClassicGroup(id));
        }

        _classic.Loaded(nowMs);
        _consumer.Loaded(nowMs);
        _expiration.Schedule(nowMs);
    }

    // A group of the new protocol takes members of the old one in; without members, it makes room for a classic group.
    private void HandleClassic(IRequest request, in GroupRequest from, GroupEffects effects)
    {
        switch (request)
        {
            case JoinGroupRequest join when Consumer(join.GroupId) is { IsEmpty: false } group:
                _consumer.ClassicMembers.Join(group, join, from, effects);
                break;
            case JoinGroupRequest join:
                if (join.MemberId.Length == 0 && Consumer(join.GroupId) is { } empty)
                {
                    _consumer.RemoveEmpty(empty, effects);
                }

                _classic.Join(join, from, effects);
                break;
            case SyncGroupRequest sync when Consumer(sync.GroupId) is { } group:
                effects.Reply(from.Ticket, _consumer.ClassicMembers.Sync(group, sync, from));
                break;
            case SyncGroupRequest sync:
                _classic.Sync(sync, from, effects);
                break;
            case HeartbeatRequest heartbeat:
                effects.Reply(from.Ticket, Consumer(heartbeat.GroupId) is { } of
                    ? _consumer.ClassicMembers.Heartbeat(of, heartbeat, from)
                    : _classic.Heartbeat(heartbeat, from));
                break;
            case LeaveGroupRequest leave when Consumer(leave.GroupId) is { } group:
                effects.Reply(from.Ticket, _consumer.ClassicMembers.Leave(group, leave, from, effects));
                break;
            case LeaveGroupRequest leave:
                _classic.Leave(leave, from, effects);
                break;
        }
    }

    private ConsumerGroup? Consumer(string id) => _context.Groups.GetValueOrDefault(id) as ConsumerGroup;
}
