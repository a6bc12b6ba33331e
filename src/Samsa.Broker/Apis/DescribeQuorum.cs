using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>DescribeQuorum (KIP-595, KIP-836, KIP-853): who keeps the metadata log, and how far each is.</summary>
[KafkaApi(ApiKey.DescribeQuorum)]
internal sealed class DescribeQuorum(IQuorumView quorum) : IApi<DescribeQuorumRequest, DescribeQuorumResponse>
{
    private const short FirstVersionWithNodes = 2;

    /// <inheritdoc/>
    public ValueTask<DescribeQuorumResponse?> HandleAsync(DescribeQuorumRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var reading = quorum.Read();
        return new(new DescribeQuorumResponse
        {
            Topics = Array.ConvertAll(request.Topics, topic => new DescribeQuorumResponse.TopicData
            {
                TopicName = topic.TopicName,
                Partitions = Array.ConvertAll(topic.Partitions, p => Describe(reading, topic.TopicName, p.PartitionIndex)),
            }),
            Nodes = context.ApiVersion < FirstVersionWithNodes ? [] :
            [
                .. reading.Nodes.GroupBy(n => n.Id).Select(node => new DescribeQuorumResponse.Node
                {
                    NodeId = node.Key,
                    Listeners = [.. node.Select(n => new DescribeQuorumResponse.Listener { Name = n.Listener, Host = n.Host, Port = (ushort)n.Port })],
                }),
            ],
        });
    }

    private static DescribeQuorumResponse.PartitionData Describe(QuorumReading reading, string topic, int partition) =>
        partition == 0 && topic.Equals(TopicName.ClusterMetadata, StringComparison.Ordinal)
            ? new DescribeQuorumResponse.PartitionData
            {
                LeaderId = reading.Leader,
                LeaderEpoch = reading.Epoch,
                HighWatermark = reading.HighWatermark,
                CurrentVoters = [.. reading.Voters.Select(StateOf)],
                Observers = [.. reading.Observers.Select(StateOf)],
            }
            : new DescribeQuorumResponse.PartitionData
            {
                PartitionIndex = partition, ErrorCode = ErrorCode.UnknownTopicOrPartition, ErrorMessage = "Only __cluster_metadata-0 has a quorum.",
            };

    private static DescribeQuorumResponse.ReplicaState StateOf(QuorumReplica replica) => new()
    {
        ReplicaId = replica.Id,
        ReplicaDirectoryId = replica.DirectoryId,
        LogEndOffset = replica.LogEndOffset,
        LastFetchTimestamp = replica.LastFetchMs,
        LastCaughtUpTimestamp = replica.LastCaughtUpMs,
    };
}
