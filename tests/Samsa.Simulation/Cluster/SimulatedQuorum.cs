using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Simulation;

/// <summary>
/// The metadata log of the whole cluster, as consensus promises it: committed changes in one order that every node sees, each in its own time, and a
/// leader that changes when it is gone or cut off. It outlives every process; how nodes agree is not simulated.
/// </summary>
internal sealed class SimulatedQuorum(World world, Func<BrokerId, BrokerId, bool> reaches)
{
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromMilliseconds(250);
    private readonly List<QuorumEntry> _committed = [];
    private readonly SortedDictionary<BrokerId, SimulatedMetadataLog> _nodes = [];
    private int _missed;
    private bool _isWatched;

    /// <summary>How many nodes may vote.</summary>
    public required int Voters { get; init; }

    /// <summary>Who leads.</summary>
    public BrokerId Leader { get; private set; } = BrokerId.None;

    /// <summary>The leader's epoch.</summary>
    public LeaderEpoch Epoch { get; private set; } = new(0);

    /// <summary>What is committed.</summary>
    public IReadOnlyList<QuorumEntry> Committed => _committed;

    /// <summary>Where the next committed record will stand.</summary>
    public Offset EndOffset => _committed.Count == 0 ? Offset.Zero : _committed[^1].Last + 1;

    /// <summary>A node's log, opened by a process; what it had before is forgotten.</summary>
    public SimulatedMetadataLog Open(BrokerId node, SimulatedProcess process, IMetadataListener listener)
    {
        var log = new SimulatedMetadataLog(this, node, process, listener);
        _nodes[node] = log;
        log.Replay();
        if (!_isWatched)
        {
            _isWatched = true;
            Watch();
        }

        return log;
    }

    /// <summary>Has the leadership go to somebody else, though nothing is wrong.</summary>
    public void MoveLeadership() => Elect(excluded: Leader);

    /// <summary>Whether a node may be told what another one knows.</summary>
    public bool IsInTouch(BrokerId node) =>
        _nodes.TryGetValue(node, out var log) && log.Process.IsAlive && !log.Process.IsPaused
        && _nodes.Values.Count(n => n.Process.IsAlive && (n.Node == node || (reaches(node, n.Node) && reaches(n.Node, node)))) > Voters / 2;

    /// <summary>Begins to commit a change of the leader's.</summary>
    public void Append(SimulatedMetadataLog from, LeaderEpoch epoch, IReadOnlyList<IMetadataRecord> records, TaskCompletionSource<Offset> done) =>
        world.After(TimeSpan.FromMicroseconds(world.NetworkRandom.Next(500, 6_000)), null, () => TryCommit(from, epoch, records, done));

    private void TryCommit(SimulatedMetadataLog from, LeaderEpoch epoch, IReadOnlyList<IMetadataRecord> records, TaskCompletionSource<Offset> done)
    {
        if (!from.Process.IsAlive)
        {
            return;
        }

        if (Leader != from.Node || Epoch != epoch)
        {
            done.TrySetException(new NotControllerException());
            return;
        }

        if (!IsInTouch(from.Node))
        {
            world.After(TimeSpan.FromMilliseconds(20), null, () => TryCommit(from, epoch, records, done));
            return;
        }

        var last = EndOffset + records.Count - 1;
        _committed.Add(new QuorumEntry(last, records));
        world.Say($"committed {last}: {string.Join(", ", records.Select(r => r.GetType().Name))}");
        from.Await(_committed.Count, done, last);
        foreach (var node in _nodes.Values)
        {
            node.Pump();
        }
    }

    private void Watch()
    {
        if (Leader == BrokerId.None || !IsInTouch(Leader))
        {
            // The followers' patience; a leader that was just elected has none to lose.
            if (++_missed >= 3 || Leader == BrokerId.None)
            {
                Elect(excluded: Leader);
            }
        }
        else
        {
            _missed = 0;
        }

        foreach (var node in _nodes.Values)
        {
            node.Pump();
        }

        world.After(s_watchInterval, null, Watch);
    }

    private void Elect(BrokerId excluded)
    {
        var candidates = _nodes.Values.Where(n => n.Node != excluded && IsInTouch(n.Node)).ToList();
        if (candidates.Count == 0 && excluded != BrokerId.None && IsInTouch(excluded))
        {
            candidates.Add(_nodes[excluded]);
        }

        if (candidates.Count == 0)
        {
            return;
        }

        _missed = 0;
        Epoch = new LeaderEpoch(Epoch.Value + 1);
        Leader = candidates[world.FaultRandom.Next(candidates.Count)].Node;
        world.Say($"controller {Leader} epoch {Epoch}");
    }
}

/// <summary>One committed change.</summary>
/// <param name="Last">The offset of the last of its records.</param>
/// <param name="Records">Its records.</param>
internal sealed record QuorumEntry(Offset Last, IReadOnlyList<IMetadataRecord> Records);
