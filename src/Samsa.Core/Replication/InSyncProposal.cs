using Samsa.Model;

namespace Samsa.Core.Replication;

/// <summary>A change of the in-sync replicas that a leader asks the controller for (AlterPartition, KIP-497). Compared by reference.</summary>
/// <param name="leaderEpoch">The leader's epoch.</param>
/// <param name="partitionEpoch">The state of the partition that it is made from; the controller refuses it for any other.</param>
/// <param name="inSync">All that shall be in sync, the leader among them, each with the epoch of its broker (-1 unknown, KIP-903).</param>
public sealed class InSyncProposal(LeaderEpoch leaderEpoch, int partitionEpoch, IReadOnlyList<(BrokerId Broker, long BrokerEpoch)> inSync)
{
    /// <summary>The leader's epoch.</summary>
    public LeaderEpoch LeaderEpoch => leaderEpoch;

    /// <summary>The state of the partition that it is made from.</summary>
    public int PartitionEpoch => partitionEpoch;

    /// <summary>All that shall be in sync; -1 stands for an unknown broker epoch, also for the leader's own.</summary>
    public IReadOnlyList<(BrokerId Broker, long BrokerEpoch)> InSync => inSync;
}

/// <summary>What the controller made of a proposal.</summary>
/// <param name="Error">Its error, or none.</param>
/// <param name="LeaderEpoch">The leader epoch now.</param>
/// <param name="PartitionEpoch">The partition epoch now.</param>
/// <param name="InSync">The replicas in sync now.</param>
public readonly record struct InSyncAnswer(ErrorCode Error, LeaderEpoch LeaderEpoch, int PartitionEpoch, BrokerId[] InSync);

/// <summary>What a leader has to be done after something happened.</summary>
/// <param name="HighWatermarkMoved">Whether the high watermark moved.</param>
/// <param name="Proposal">A proposal to send to the controller, or none.</param>
public readonly record struct LeaderNews(bool HighWatermarkMoved, InSyncProposal? Proposal);
