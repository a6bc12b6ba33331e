using Samsa.Broker.Metrics;
using Samsa.Core.Groups;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Coordinators;

/// <summary>Counts what the groups of this broker do, whichever of its shards they are in, and sums up what they are.</summary>
internal sealed class GroupTally
{
    private long _rebalances;
    private long _commits;
    private long _removals;

    /// <summary>A call of a shard came to this.</summary>
    public void Note(GroupEffects effects)
    {
        var (commits, removals) = (0, 0);
        foreach (var record in effects.Records)
        {
            if (record.Key is OffsetCommitKey)
            {
                commits += record.Value is null ? 0 : 1;
                removals += record.Value is null ? 1 : 0;
            }
        }

        Add(ref _rebalances, effects.Rebalances);
        Add(ref _commits, commits);
        Add(ref _removals, removals);
    }

    /// <summary>Reads all that is counted, and looks at the groups.</summary>
    public GroupReading Read(IEnumerable<GroupShardHost> hosts)
    {
        var counts = new Dictionary<(string Kind, string State), int>();
        var (members, offsets, loading) = (0L, 0L, 0);
        foreach (var host in hosts)
        {
            var isThere = host.Look(shard =>
            {
                offsets += shard.OffsetCount;
                foreach (var group in shard.Groups)
                {
                    members += group.MemberCount;
                    var key = (group.Kind, group.StateName);
                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }
            });
            loading += isThere ? 0 : 1;
        }

        return new GroupReading
        {
            Counts = counts,
            Members = members,
            Offsets = offsets,
            Loading = loading,
            Rebalances = Interlocked.Read(ref _rebalances),
            Commits = Interlocked.Read(ref _commits),
            Removals = Interlocked.Read(ref _removals),
        };
    }

    private static void Add(ref long total, int more)
    {
        if (more > 0)
        {
            _ = Interlocked.Add(ref total, more);
        }
    }
}
