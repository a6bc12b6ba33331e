using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides on what leaders say about who is in sync (KIP-497, KIP-704, KIP-841, KIP-903).</summary>
public static class IsrAlteration
{
    private const short FirstVersionWithIds = 2;
    private const short FirstVersionWithEpochs = 3;

    /// <summary>
    /// Decides on every partition of a request by itself. NEW_LEADER_ELECTED means: done, but somebody else leads now, as a
    /// reassignment was complete with it.
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="request">The leader's wish.</param>
    /// <param name="version">Its version.</param>
    /// <param name="rules">What else matters.</param>
    public static Transition<AlterPartitionResponse, IMetadataRecord> Decide(
        MetadataImage image, AlterPartitionRequest request, short version, ControllerRules rules)
    {
        if (!image.Brokers.TryGetValue(request.BrokerId, out var broker) || broker.Epoch != request.BrokerEpoch)
        {
            return new(new AlterPartitionResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }, []);
        }

        var records = new List<IMetadataRecord>();
        var electorate = new Electorate(image, rules);
        var seen = new HashSet<(TopicId, int)>();
        var topics = Array.ConvertAll(request.Topics, asked =>
        {
            var topic = version >= FirstVersionWithIds ? image.TopicById(asked.TopicId) : image.TopicByName(asked.TopicName);
            return new AlterPartitionResponse.TopicData
            {
                TopicName = asked.TopicName,
                TopicId = asked.TopicId,
                Partitions = Array.ConvertAll(asked.Partitions, wish =>
                {
                    if (topic is null)
                    {
                        return Refuse(wish, version >= FirstVersionWithIds ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
                    }

                    if (wish.PartitionIndex < 0 || wish.PartitionIndex >= topic.Partitions.Count)
                    {
                        return Refuse(wish, ErrorCode.UnknownTopicOrPartition);
                    }

                    // The second of two changes would be decided on what is no longer so after the first.
                    return seen.Add((topic.Id, wish.PartitionIndex))
                        ? Decide(electorate, topic, wish, request.BrokerId, version, records)
                        : Refuse(wish, ErrorCode.InvalidRequest);
                }),
            };
        });
        return new(new AlterPartitionResponse { Topics = topics }, records);
    }

    private static AlterPartitionResponse.PartitionData Decide(
        Electorate electorate, TopicImage topic, AlterPartitionRequest.PartitionData wish, BrokerId leader, short version, List<IMetadataRecord> records)
    {
        var partition = topic.Partitions[wish.PartitionIndex];
        var isr = version >= FirstVersionWithEpochs ? Array.ConvertAll(wish.NewIsrWithEpochs, b => b.BrokerId) : wish.NewIsr;
        if (Check(partition, wish, isr, leader) is var wrong && wrong != ErrorCode.None)
        {
            return Refuse(wish, wrong);
        }

        for (var i = 0; i < isr.Length; i++)
        {
            var epoch = version >= FirstVersionWithEpochs ? wish.NewIsrWithEpochs[i].BrokerEpoch : -1;
            if (!IsEligible(electorate, partition, isr[i], epoch))
            {
                return Refuse(wish, version >= FirstVersionWithIds ? ErrorCode.IneligibleReplica : ErrorCode.OperationNotAttempted);
            }
        }

        var change = new PartitionAlteration(electorate, topic, partition, electorate.RulesOf(topic.Name))
        {
            Isr = isr, RecoveryState = (LeaderRecoveryState)wish.LeaderRecoveryState,
        };
        if (change.Build() is { } record)
        {
            records.Add(record);
            partition = PartitionChange.Apply(record, partition);
            if (partition.LeaderEpoch != wish.LeaderEpoch)
            {
                return Refuse(wish, version >= FirstVersionWithIds ? ErrorCode.NewLeaderElected : ErrorCode.FencedLeaderEpoch);
            }
        }

        return new AlterPartitionResponse.PartitionData
        {
            PartitionIndex = wish.PartitionIndex,
            LeaderId = partition.Leader,
            LeaderEpoch = partition.LeaderEpoch,
            Isr = partition.InSyncReplicas,
            LeaderRecoveryState = (sbyte)partition.LeaderRecoveryState,
            PartitionEpoch = partition.PartitionEpoch,
        };
    }

    private static ErrorCode Check(PartitionImage partition, AlterPartitionRequest.PartitionData wish, BrokerId[] isr, BrokerId leader)
    {
        // The leader knows more than this node: it has heard from a controller that came after this one.
        if (wish.LeaderEpoch > partition.LeaderEpoch || wish.PartitionEpoch > partition.PartitionEpoch)
        {
            return ErrorCode.NotController;
        }

        if (wish.LeaderEpoch < partition.LeaderEpoch)
        {
            return ErrorCode.FencedLeaderEpoch;
        }

        if (partition.Leader != leader)
        {
            return ErrorCode.InvalidRequest;
        }

        if (wish.PartitionEpoch < partition.PartitionEpoch)
        {
            return ErrorCode.InvalidUpdateVersion;
        }

        var state = (LeaderRecoveryState)wish.LeaderRecoveryState;
        var isNonsense = state is not (LeaderRecoveryState.Recovered or LeaderRecoveryState.Recovering)
            || isr.Length == 0
            || isr.Distinct().Count() != isr.Length
            || isr.Except(partition.Replicas).Any()
            || !isr.Contains(leader)
            || (state == LeaderRecoveryState.Recovering && (isr.Length > 1 || partition.LeaderRecoveryState == LeaderRecoveryState.Recovered));
        return isNonsense ? ErrorCode.InvalidRequest : ErrorCode.None;
    }

    // KIP-903: the epoch tells that it is the incarnation that caught up, not the one that lost its disk since.
    private static bool IsEligible(Electorate electorate, PartitionImage partition, BrokerId broker, long epoch) =>
        electorate.MayLead(partition, broker) && (epoch == -1 || electorate.Image.Brokers[broker].Epoch == epoch);

    private static AlterPartitionResponse.PartitionData Refuse(AlterPartitionRequest.PartitionData wish, ErrorCode error) => new()
    {
        PartitionIndex = wish.PartitionIndex, ErrorCode = error,
    };
}
