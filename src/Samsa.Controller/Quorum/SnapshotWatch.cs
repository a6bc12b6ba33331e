using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Samsa.Controller.Quorum;

/// <summary>
/// Frees a follower from a loop of the library (6.12.0): when the acknowledgement of a snapshot is lost, the leader sends the same snapshot
/// again and the follower, who has it, refuses it, for ever. A new leader ends that.
/// </summary>
/// <remarks>
/// A follower that is in touch with its leader, knows of more than it has, and yet applies nothing for a while, is stuck; a read barrier
/// tells the three from each other.
/// </remarks>
internal sealed class SnapshotWatch(RaftCluster cluster, MetadataStore store, QuorumStateMachine machine, QuorumOptions options)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await Task.Delay(s_interval, options.Log.TimeProvider, cancellationToken);
                var before = (machine.AppliedIndex, store.Log.LogEndOffset);
                if (cluster.Leader is { IsRemote: true } leader && !await FollowsAsync(cancellationToken)
                    && before == (machine.AppliedIndex, store.Log.LogEndOffset) && !cluster.ConsensusToken.IsCancellationRequested)
                {
                    ControllerEvents.FollowerStuck(options.Log.Logger, leader.EndPoint);
                    await ResignAsync(leader, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The node stops.
        }
    }

    private async ValueTask<bool> FollowsAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(s_patience, options.Log.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is QuorumUnreachableException or MemberUnavailableException)
        {
            // Without a leader there is nobody to be stuck with.
            return true;
        }
    }

    private static async ValueTask ResignAsync(RaftClusterMember leader, CancellationToken cancellationToken)
    {
        try
        {
            await leader.ResignAsync(cancellationToken);
        }
        catch (MemberUnavailableException)
        {
            // Then another one will be elected anyway.
        }
    }
}
