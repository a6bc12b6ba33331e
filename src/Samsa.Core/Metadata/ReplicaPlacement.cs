using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>Where replicas of new partitions go: leaders in turn over all usable brokers, followers on the next ones.</summary>
public sealed class ReplicaPlacement
{
    private readonly BrokerId[] _usable;
    private readonly MetadataImage _image;
    private int _next;

    /// <summary>Begins where the partitions that exist left off, so that leaders stay spread over several requests.</summary>
    public ReplicaPlacement(MetadataImage image)
    {
        _image = image;
        _usable = [.. image.Brokers.Values.Where(b => !b.Fenced).Select(b => b.Id)];
        _next = image.PartitionCount;
    }

    /// <summary>How many brokers may take replicas.</summary>
    public int UsableBrokers => _usable.Length;

    /// <summary>Chooses replicas for each of a topic's partitions.</summary>
    /// <param name="partitions">How many partitions; at least 1.</param>
    /// <param name="factor">How many replicas each; at most <see cref="UsableBrokers"/>.</param>
    public BrokerId[][] Spread(int partitions, int factor)
    {
        Invariant.Holds(factor >= 1 && factor <= _usable.Length);
        var replicas = new BrokerId[partitions][];
        for (var p = 0; p < partitions; p++)
        {
            var chosen = new BrokerId[factor];
            for (var r = 0; r < factor; r++)
            {
                chosen[r] = _usable[(_next + r) % _usable.Length];
            }

            replicas[p] = chosen;
            _next = (_next + 1) % int.MaxValue;
        }

        return replicas;
    }

    /// <summary>Says what is wrong with a choice made by hand, or null.</summary>
    public string? Refuse(BrokerId[] brokers)
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

            if (!_image.Brokers.ContainsKey(broker))
            {
                return $"The manual partition assignment includes broker {broker}, but no such broker is registered.";
            }
        }

        return null;
    }
}
