using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Controller.Quorum;

/// <summary>
/// The times in which this node leads the voters: it becomes active once an entry of its own term is applied, by which everything before
/// it is, and ceases to be when Raft says so or when the fate of an entry is unknown.
/// </summary>
internal sealed class Leadership(RaftCluster cluster, WriteAheadLog wal, QuorumStateMachine machine, QuorumOptions options)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private Term? _active;

    /// <summary>Whether this node may decide.</summary>
    public bool IsActive => Volatile.Read(ref _active) is { IsOver: false };

    /// <summary>Appends an entry as the active leader, and waits until it is applied here.</summary>
    /// <returns>The offset of its last record; -1 where it is void.</returns>
    /// <exception cref="NotControllerException">This node is not the active leader, or ceased to be; then the entry may yet be committed.</exception>
    public async Task<Offset> AppendAsync(byte[] content) =>
        Volatile.Read(ref _active) is { IsOver: false } term ? await AppendAsync(content, term) : throw new NotControllerException();

    /// <summary>Leads whenever this node is elected, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var leadership = await cluster.WaitForLeadershipAsync(cancellationToken);
                await LeadAsync(new Term(((IPersistentState)wal).Term, leadership), cancellationToken);
            }
            catch (Exception e) when (e is NotControllerException or OperationCanceledException or ObjectDisposedException or TimeoutException)
            {
                // Elected, and deposed before it began; or the node stops.
            }
            finally
            {
                Volatile.Write(ref _active, null);
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    private async Task LeadAsync(Term term, CancellationToken cancellationToken)
    {
        // Raft commits entries of former terms only together with one of the present: this is that one.
        await CheckAsync(term);
        Volatile.Write(ref _active, term);
        ControllerEvents.Leads(options.Log.Logger, new LeaderEpoch((int)term.Number), machine.LastHash.At);
        var checkedAt = options.Log.TimeProvider.GetTimestamp();
        while (!term.IsOver)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(term.Token, cancellationToken);
            await Task.Delay(s_look, options.Log.TimeProvider, both.Token);
            if (options.Log.TimeProvider.GetElapsedTime(checkedAt) >= options.CheckInterval)
            {
                await CheckAsync(term);
                checkedAt = options.Log.TimeProvider.GetTimestamp();
            }
        }
    }

    private Task<Offset> CheckAsync(Term term) => AppendAsync(RaftEntry.Check(machine.LastHash.At, machine.LastHash.Value), term);

    private async Task<Offset> AppendAsync(byte[] content, Term term)
    {
        var pending = new PendingEntry(term.Number);
        try
        {
            var entry = new BinaryLogEntry { Term = term.Number, Content = content, Context = pending };
            await cluster.ReplicateAsync(entry, term.Token);
            return await pending.Applied.WaitAsync(term.Token);
        }
        catch (Exception e)
        {
            // Nobody knows whether it will be committed, so nothing may be decided on top of it before a new term has settled that.
            if (!term.IsOver)
            {
                ControllerEvents.StepsDown(options.Log.Logger, $"the fate of a change is unknown ({e.Message})");
            }

            await term.EndAsync(cluster);
            throw new NotControllerException($"This controller lost its place: {e.Message}", e);
        }
    }

    private sealed class Term(long number, CancellationToken leadership)
    {
        private int _ended;

        public long Number => number;

        public CancellationToken Token => leadership;

        public bool IsOver => leadership.IsCancellationRequested || Volatile.Read(ref _ended) != 0;

        public async ValueTask EndAsync(RaftCluster cluster)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0 && !leadership.IsCancellationRequested)
            {
                try
                {
                    await ((ICluster)cluster).ResignAsync(CancellationToken.None);
                }
                catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or InvalidOperationException)
                {
                    // It had ended already.
                }
            }
        }
    }
}
