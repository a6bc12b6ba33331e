using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Where replicas of new partitions go. Every broker that may lead leads in turn; followers go to other racks, and to no
/// rack twice before every rack has one. Fenced brokers take replicas only where their rack has nobody else, and never
/// lead; brokers that shut down take none.
/// </summary>
public sealed class ReplicaPlacement
{
    private readonly MetadataImage _image;
    private readonly Rack[] _racks;
    private readonly (BrokerId Broker, int Rack)[] _leaders;
    private int _next;

    /// <summary>Begins where the partitions that exist left off, so that leaders stay spread over several requests.</summary>
    public ReplicaPlacement(MetadataImage image)
    {
        _image = image;
        _next = image.PartitionCount;
        _racks =
        [
            .. image.Brokers.Values.Where(b => !b.InControlledShutdown)
                .GroupBy(b => b.Rack ?? "", StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Rack([.. g.Where(b => !b.Fenced).Select(b => b.Id)], [.. g.Where(b => b.Fenced).Select(b => b.Id)], _next)),
        ];
        UsableBrokers = _racks.Sum(r => r.Size);

        // Racks alternate in it as evenly as their sizes allow: the brokers of a rack of m sit at (i + 1/2) / m.
        _leaders =
        [
            .. _racks.SelectMany((rack, r) => rack.Active.Select((broker, i) => (Broker: broker, Rack: r, At: (i + 0.5) / rack.Active.Length)))
                .OrderBy(l => l.At).ThenBy(l => l.Rack)
                .Select(l => (l.Broker, l.Rack)),
        ];
    }

    /// <summary>How many brokers may take replicas.</summary>
    public int UsableBrokers { get; }

    /// <summary>Says why no partition can have so many replicas now, or null.</summary>
    /// <param name="factor">How many; at least 1.</param>
    public string? RefuseFactor(int factor) =>
        factor > UsableBrokers
            ? $"Unable to replicate the partition {factor} time(s): The target replication factor of {factor} cannot be reached because only {UsableBrokers} broker(s) are registered."
            : _leaders.Length == 0
                ? $"Unable to replicate the partition {factor} time(s): All brokers are currently fenced."
                : null;

    /// <summary>Chooses replicas for each of a topic's partitions.</summary>
    /// <param name="partitions">How many partitions; at least 1.</param>
    /// <param name="factor">How many replicas each; not refused by <see cref="RefuseFactor"/>.</param>
    public BrokerId[][] Spread(int partitions, int factor)
    {
        Invariant.Holds(factor >= 1 && RefuseFactor(factor) is null);
        var replicas = new BrokerId[partitions][];
        for (var p = 0; p < partitions; p++)
        {
            replicas[p] = Choose(factor);
            _next = (_next + 1) % int.MaxValue;
        }

        return replicas;
    }

    /// <summary>Says what is wrong with a choice made by hand for a new partition, or null.</summary>
    public string? Refuse(BrokerId[] brokers, int partition) =>
        RefuseAssignment(_image, brokers)
        ?? (Array.Exists(brokers, b => _image.Brokers[b].IsActive)
            ? null
            : $"All brokers specified in the manual partition assignment for partition {partition} are fenced or in controlled shutdown.");

    /// <summary>The record that creates a partition on brokers that were chosen: those that live are in sync, the first of them leads.</summary>
    public PartitionRecord RecordOf(TopicId topic, int partition, BrokerId[] replicas)
    {
        BrokerId[] active = Array.TrueForAll(replicas, b => _image.Brokers[b].IsActive)
            ? replicas
            : [.. replicas.Where(b => _image.Brokers[b].IsActive)];
        return new PartitionRecord
        {
            PartitionId = partition,
            TopicId = topic,
            Replicas = replicas,
            Isr = active,
            Leader = active[0],
            LeaderEpoch = new LeaderEpoch(0),
            PartitionEpoch = 0,
            Directories = Array.ConvertAll(replicas, b => _image.Brokers[b].DirectoryOfNewReplica),
        };
    }

    /// <summary>Says what is wrong with a list of replicas given by hand, or null.</summary>
    internal static string? RefuseAssignment(MetadataImage image, BrokerId[] brokers)
    {
        if (brokers.Length == 0)
        {
            return "The manual partition assignment includes an empty replica list.";
        }

        var seen = new HashSet<BrokerId>();
        foreach (var broker in brokers)
        {
            if (!seen.Add(broker))
            {
                return $"The manual partition assignment includes the broker {broker} more than once.";
            }

            if (!image.Brokers.ContainsKey(broker))
            {
                return $"The manual partition assignment includes broker {broker}, but no such broker is registered.";
            }
        }

        return null;
    }

    private BrokerId[] Choose(int factor)
    {
        var (leader, home) = _leaders[_next % _leaders.Length];
        var chosen = new BrokerId[factor];
        chosen[0] = leader;
        var count = 1;

        // After each round of leaders another rack comes first, or with fewer replicas than racks some would get none.
        var first = home + 1 + (_next / _leaders.Length);
        for (var pass = 0; count < factor; pass++)
        {
            for (var i = 0; i < _racks.Length && count < factor; i++)
            {
                var rack = (first + i) % _racks.Length;
                if ((pass > 0 || rack != home) && _racks[rack].TryTake(chosen.AsSpan(0, count), out var broker))
                {
                    chosen[count++] = broker;
                }
            }
        }

        return chosen;
    }

    private sealed class Rack(BrokerId[] active, BrokerId[] fenced, int turn)
    {
        private int _turn = turn;

        public BrokerId[] Active => active;

        public int Size => active.Length + fenced.Length;

        public bool TryTake(ReadOnlySpan<BrokerId> taken, out BrokerId broker) =>
            TryTake(active, taken, out broker) || TryTake(fenced, taken, out broker);

        private bool TryTake(BrokerId[] from, ReadOnlySpan<BrokerId> taken, out BrokerId broker)
        {
            for (var i = 0; i < from.Length; i++)
            {
                broker = from[(_turn + i) % from.Length];
                if (!taken.Contains(broker))
                {
                    _turn = (_turn + i + 1) % int.MaxValue;
                    return true;
                }
            }

            broker = BrokerId.None;
            return false;
        }
    }
}
