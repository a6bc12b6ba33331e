using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Offsets;

/// <summary>The committed offsets of a shard. They change by <see cref="Apply"/> only, live as in a replay.</summary>
internal sealed class OffsetStore
{
    private readonly Dictionary<string, Dictionary<TopicPartition, CommittedOffset>> _groups = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public IReadOnlyCollection<string> GroupIds => _groups.Keys;

    /// <summary>What a group committed; null where it committed nothing.</summary>
    public IReadOnlyDictionary<TopicPartition, CommittedOffset>? Of(string group) => _groups.GetValueOrDefault(group);

    /// <summary>One position; null where there is none.</summary>
    public CommittedOffset? Find(string group, string topic, int partition) =>
        _groups.GetValueOrDefault(group)?.GetValueOrDefault(new TopicPartition(topic, partition));

    /// <summary>Takes in one record.</summary>
    public void Apply(IMessage key, IMessage? value)
    {
        var (group, name) = key switch
        {
            OffsetCommitKey k => (k.Group, new TopicPartition(k.Topic, k.Partition)),
            LegacyOffsetCommitKey k => (k.Group, new TopicPartition(k.Topic, k.Partition)),
            _ => throw new ArgumentException($"{key.GetType().Name} is no key of an offset", nameof(key)),
        };
        switch (value)
        {
            case OffsetCommitValue v:
                Set(group, name, new CommittedOffset(v.Offset, v.LeaderEpoch, v.Metadata, v.CommitTimestamp, v.ExpireTimestamp));
                break;
            case LegacyOffsetCommitValue v:
                Set(group, name, new CommittedOffset(v.Offset, LeaderEpoch.None, v.Metadata, v.CommitTimestamp, -1));
                break;
            case null:
                Remove(group, name);
                break;
        }
    }

    /// <summary>Appends and applies a position.</summary>
    public void Commit(string group, TopicPartition name, CommittedOffset offset, GroupEffects effects)
    {
        var key = new OffsetCommitKey { Group = group, Topic = name.Topic, Partition = name.Partition };
        var value = new OffsetCommitValue
        {
            Offset = offset.Position,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestampMs,
            ExpireTimestamp = offset.ExpireTimestampMs,
        };
        effects.Append(key, value);
        Apply(key, value);
    }

    /// <summary>Appends and applies the removal of a position.</summary>
    /// <returns>False where there was none.</returns>
    public bool Delete(string group, TopicPartition name, GroupEffects effects)
    {
        if (_groups.GetValueOrDefault(group)?.ContainsKey(name) != true)
        {
            return false;
        }

        var key = new OffsetCommitKey { Group = group, Topic = name.Topic, Partition = name.Partition };
        effects.Append(key, value: null);
        Apply(key, value: null);
        return true;
    }

    /// <summary>Appends and applies the removal of all a group committed.</summary>
    public void RemoveGroup(string group, GroupEffects effects)
    {
        foreach (var name in _groups.GetValueOrDefault(group)?.Keys.ToArray() ?? [])
        {
            _ = Delete(group, name, effects);
        }
    }

    /// <summary>Appends and applies the removal of all positions in some topics.</summary>
    public void RemoveTopics(IReadOnlyCollection<string> topics, GroupEffects effects)
    {
        foreach (var (group, offsets) in _groups.ToArray())
        {
            foreach (var name in offsets.Keys.Where(n => topics.Contains(n.Topic)).ToArray())
            {
                _ = Delete(group, name, effects);
            }
        }
    }

    private void Set(string group, TopicPartition name, CommittedOffset offset)
    {
        if (!_groups.TryGetValue(group, out var offsets))
        {
            _groups.Add(group, offsets = []);
        }

        Count += offsets.TryAdd(name, offset) ? 1 : 0;
        offsets[name] = offset;
    }

    private void Remove(string group, TopicPartition name)
    {
        if (_groups.TryGetValue(group, out var offsets) && offsets.Remove(name))
        {
            Count--;
            if (offsets.Count == 0)
            {
                _ = _groups.Remove(group);
            }
        }
    }
}
