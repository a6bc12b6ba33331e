using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// DescribeProducers (KIP-664): the idempotent and transactional producers that partitions led here remember, with the transactions they have open.
/// </summary>
[KafkaApi(ApiKey.DescribeProducers)]
internal sealed class DescribeProducers(PartitionRegistry partitions) : IApi<DescribeProducersRequest, DescribeProducersResponse>
{
    /// <inheritdoc/>
    public ValueTask<DescribeProducersResponse?> HandleAsync(DescribeProducersRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new DescribeProducersResponse
        {
            Topics = Array.ConvertAll(request.Topics, t => new DescribeProducersResponse.TopicResponse
            {
                Name = t.Name, Partitions = Array.ConvertAll(t.PartitionIndexes, p => Describe(t.Name, p)),
            }),
        });

    private DescribeProducersResponse.PartitionResponse Describe(string topic, int index)
    {
        if (TopicName.Refuse(topic) is { } reason)
        {
            return Refuse(index, ErrorCode.InvalidTopicException, reason);
        }

        if (!partitions.TryGet(topic, index, out var partition))
        {
            return Refuse(index, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition.Describe().Text);
        }

        return partition.IsOffline ? Refuse(index, ErrorCode.KafkaStorageError, ErrorCode.KafkaStorageError.Describe().Text)
            : !partition.IsLed ? Refuse(index, ErrorCode.NotLeaderOrFollower, ErrorCode.NotLeaderOrFollower.Describe().Text)
            : new()
            {
                PartitionIndex = index,
                ActiveProducers = Array.ConvertAll(partition.Log.ActiveProducers(), p => new DescribeProducersResponse.ProducerState
                {
                    ProducerId = p.Producer,
                    ProducerEpoch = p.Epoch,
                    LastSequence = p.LastSequence,
                    LastTimestamp = p.TimestampMs,
                    CoordinatorEpoch = p.CoordinatorEpoch,
                    CurrentTxnStartOffset = p.TransactionStart,
                }),
            };
    }

    private static DescribeProducersResponse.PartitionResponse Refuse(int index, ErrorCode error, string message) =>
        new() { PartitionIndex = index, ErrorCode = error, ErrorMessage = message };
}
