using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Storage;

namespace Samsa.Broker.Apis;

/// <summary>
/// DeleteRecords (KIP-107): moves the beginning of partitions led here forward. It is on disk when the answer leaves, so that no restart brings a
/// record back, otherwise than in Kafka, which writes it down within a minute; files go with the next look at retention.
/// </summary>
[KafkaApi(ApiKey.DeleteRecords)]
internal sealed class DeleteRecords(PartitionRegistry partitions, LogStore store) : IApi<DeleteRecordsRequest, DeleteRecordsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<DeleteRecordsResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var response = new DeleteRecordsResponse
        {
            Topics = Array.ConvertAll(request.Topics, t => new DeleteRecordsResponse.DeleteRecordsTopicResult
            {
                Name = t.Name, Partitions = Array.ConvertAll(t.Partitions, p => Delete(t.Name, p)),
            }),
        };
        try
        {
            await store.SaveLogStartOffsetsAsync();
        }
        catch (IOException)
        {
            // What a restart would make of it is not known: the caller must ask again.
            foreach (var partition in response.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode == ErrorCode.None))
            {
                (partition.ErrorCode, partition.LowWatermark) = (ErrorCode.KafkaStorageError, Offset.None);
            }
        }

        return response;
    }

    private DeleteRecordsResponse.DeleteRecordsPartitionResult Delete(string topic, DeleteRecordsRequest.DeleteRecordsPartition asked)
    {
        var lowWatermark = Offset.None;
        var error = TopicName.IsInternal(topic) ? ErrorCode.InvalidTopicException
            : !partitions.TryGet(topic, asked.PartitionIndex, out var partition) ? ErrorCode.UnknownTopicOrPartition
            : partition.DeleteRecords(asked.Offset, out lowWatermark);
        return new() { PartitionIndex = asked.PartitionIndex, ErrorCode = error, LowWatermark = lowWatermark };
    }
}
