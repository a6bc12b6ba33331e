using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Storage;

namespace Samsa.Broker.Apis;

/// <summary>
/// DeleteRecords (KIP-107): moves the beginning of partitions led here forward, and waits until the followers that are alive have done so,
/// too. Here it is on disk when the answer leaves, so that no restart brings a record back, otherwise than in Kafka, which writes it down
/// within a minute; files go with the next look at retention.
/// </summary>
[KafkaApi(ApiKey.DeleteRecords)]
internal sealed class DeleteRecords(PartitionRegistry partitions, LogStore store) : IApi<DeleteRecordsRequest, DeleteRecordsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<DeleteRecordsResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        // All are begun before any is waited for.
        var timeout = TimeSpan.FromMilliseconds(request.TimeoutMs);
        var deletions = Array.ConvertAll(request.Topics, t => Array.ConvertAll(t.Partitions, p => Begin(t.Name, p, timeout)));
        var areSaved = await TrySaveAsync();
        var response = new DeleteRecordsResponse { Topics = new DeleteRecordsResponse.DeleteRecordsTopicResult[deletions.Length] };
        for (var i = 0; i < deletions.Length; i++)
        {
            var results = new DeleteRecordsResponse.DeleteRecordsPartitionResult[deletions[i].Length];
            for (var k = 0; k < results.Length; k++)
            {
                results[k] = await EndAsync(deletions[i][k], areSaved);
            }

            response.Topics[i] = new() { Name = request.Topics[i].Name, Partitions = results };
        }

        return response;
    }

    private static async ValueTask<DeleteRecordsResponse.DeleteRecordsPartitionResult> EndAsync(Deletion deletion, bool isSaved)
    {
        var error = await deletion.Everywhere;

        // What a restart would make of what was not saved is not known: the caller must ask again.
        error = error == ErrorCode.None && !isSaved ? ErrorCode.KafkaStorageError : error;
        return new()
        {
            PartitionIndex = deletion.Index,
            ErrorCode = error,
            LowWatermark = error is ErrorCode.None or ErrorCode.RequestTimedOut ? deletion.Partition!.LowWatermark : Offset.None,
        };
    }

    private Deletion Begin(string topic, DeleteRecordsRequest.DeleteRecordsPartition asked, TimeSpan timeout)
    {
        Partition? partition = null;
        return TopicName.IsInternal(topic) ? Refused(ErrorCode.InvalidTopicException)
            : !partitions.TryGet(topic, asked.PartitionIndex, out partition) ? Refused(ErrorCode.UnknownTopicOrPartition)
            : new(asked.PartitionIndex, partition, partition.DeleteRecords(asked.Offset, timeout));

        Deletion Refused(ErrorCode error) => new(asked.PartitionIndex, Partition: null, new(error));
    }

    private async ValueTask<bool> TrySaveAsync()
    {
        try
        {
            await store.SaveLogStartOffsetsAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed record Deletion(int Index, Partition? Partition, ValueTask<ErrorCode> Everywhere);
}
