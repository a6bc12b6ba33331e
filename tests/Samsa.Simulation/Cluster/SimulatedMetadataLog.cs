using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Simulation;

/// <summary>The metadata log as one process sees it: what was committed, a little later.</summary>
internal sealed class SimulatedMetadataLog(SimulatedQuorum quorum, BrokerId node, SimulatedProcess process, IMetadataListener listener) : IMetadataLog
{
    private readonly List<(int Count, TaskCompletionSource<Offset> Done, Offset Last)> _waiting = [];
    private int _applied;
    private bool _isPumping;
    private LeaderEpoch _seenEpoch;
    private BrokerId _seenLeader = BrokerId.None;

    /// <summary>Which node.</summary>
    public BrokerId Node => node;

    /// <summary>The process it is open in.</summary>
    public SimulatedProcess Process => process;

    /// <inheritdoc/>
    public bool IsLeader
    {
        get
        {
            Look();
            return _seenLeader == node && (quorum.Leader != node || _applied == quorum.Committed.Count);
        }
    }

    /// <inheritdoc/>
    public BrokerId Leader
    {
        get
        {
            Look();
            return _seenLeader;
        }
    }

    /// <inheritdoc/>
    public LeaderEpoch Epoch
    {
        get
        {
            Look();
            return _seenEpoch;
        }
    }

    /// <inheritdoc/>
    public Offset EndOffset => _applied == 0 ? Offset.Zero : quorum.Committed[_applied - 1].Last + 1;

    /// <inheritdoc/>
    public async ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
    {
        if (!IsLeader)
        {
            throw new NotControllerException();
        }

        var done = new TaskCompletionSource<Offset>(TaskCreationOptions.RunContinuationsAsynchronously);
        quorum.Append(this, _seenEpoch, records, done);
        return await done.Task;
    }

    /// <inheritdoc/>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        while (!quorum.IsInTouch(node))
        {
            await Wait.For(TimeSpan.FromMilliseconds(50), new SimulatedTime(process, 1, TimeSpan.Zero));
        }

        Replay();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Applies all there is, as a start does.</summary>
    public void Replay()
    {
        while (_applied < quorum.Committed.Count)
        {
            ApplyNext();
        }
    }

    /// <summary>Applies what is committed, soon.</summary>
    public void Pump()
    {
        if (!_isPumping && process.IsAlive && _applied < quorum.Committed.Count)
        {
            _isPumping = true;
            process.World.After(TimeSpan.FromMicroseconds(process.World.NetworkRandom.Next(100, 4_000)), process, ApplySome);
        }
    }

    /// <summary>Completes an append once this node has applied so many changes.</summary>
    public void Await(int count, TaskCompletionSource<Offset> done, Offset last) => _waiting.Add((count, done, last));

    private void ApplySome()
    {
        _isPumping = false;
        if (quorum.IsInTouch(node) && _applied < quorum.Committed.Count)
        {
            ApplyNext();
            Pump();
        }
    }

    private void ApplyNext()
    {
        var entry = quorum.Committed[_applied++];
        listener.Apply(entry.Last, entry.Records);
        foreach (var (_, done, last) in _waiting.Where(w => w.Count <= _applied).ToArray())
        {
            done.TrySetResult(last);
        }

        _waiting.RemoveAll(w => w.Count <= _applied);
    }

    // A node that is cut off goes on believing what it last heard.
    private void Look()
    {
        if (quorum.IsInTouch(node))
        {
            (_seenEpoch, _seenLeader) = (quorum.Epoch, quorum.Leader);
        }
    }
}
