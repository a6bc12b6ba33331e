using System.Runtime.InteropServices;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Apis;

/// <summary>
/// Produce (KIP-98, KIP-516, KIP-951): appends batches. With acks=0 there is no answer, with acks=1 it comes when the
/// leader has the records, with acks=all when every in-sync replica has; where <c>samsa.flush.on.ack</c> is set, in
/// either case only once they were synced. Every append of a request is done when this first waits, so the next request
/// of the connection may begin and order is kept.
/// </summary>
[KafkaApi(ApiKey.Produce)]
internal sealed class Produce(PartitionRegistry partitions, MetadataState metadata, BrokerMetrics metrics, ClientQuotas quotas)
    : IApi<ProduceRequest, ProduceResponse>
{
    private const short AcksAll = -1;
    private const short FirstVersionWithCurrentLeader = 10;
    private const short FirstVersionWithTopicIds = 13;
    private const short FirstVersionWithZstd = 7;

    // As in Kafka: the tools that repair internal topics call themselves so.
    private const string AdminClientId = "__admin_client";

    /// <inheritdoc/>
    public ValueTask<ProduceResponse?> HandleAsync(ProduceRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var topics = new ProduceResponse.TopicProduceResponse[request.TopicData.Length];
        List<(ProduceResponse.PartitionProduceResponse Answer, ValueTask<ErrorCode> Committed)>? pending = null;
        var failed = false;
        LeaderHints? hints = null;
        for (var t = 0; t < topics.Length; t++)
        {
            var topic = request.TopicData[t];
            var name = context.ApiVersion >= FirstVersionWithTopicIds ? metadata.Image.TopicNames.GetValueOrDefault(topic.TopicId) : topic.Name;
            var answers = new ProduceResponse.PartitionProduceResponse[topic.PartitionData.Length];
            for (var p = 0; p < answers.Length; p++)
            {
                var data = topic.PartitionData[p];
                var append = Append(request, name, data, context, out var partition);
                answers[p] = Answer(data.Index, append.Outcome, partition);
                Hint(answers[p], name, context, ref hints);
                failed |= append.Outcome.Error != ErrorCode.None;
                metrics.ErrorAnswered(nameof(Produce), append.Outcome.Error);
                if (!append.Committed.IsCompletedSuccessfully)
                {
                    (pending ??= []).Add((answers[p], append.Committed));
                }
            }

            topics[t] = new() { Name = topic.Name, TopicId = topic.TopicId, PartitionResponses = answers };
        }

        context.Throttle(quotas.Produced(context.ClientId, context.RequestBytes));
        var response = new ProduceResponse { Responses = topics, NodeEndpoints = Named(hints) };
        if (request.Acks == 0)
        {
            return failed
                ? throw new ProtocolException("a produce request with acks=0 failed, and closing is the only answer it can get")
                : new(pending is null ? null : NothingAsync(pending));
        }

        return pending is null ? new(response) : CommittedAsync(response, pending, context);
    }

    private static ProduceResponse.NodeEndpoint[] Named(LeaderHints? hints) =>
        hints is null ? [] : [.. hints.Named.Select(n => new ProduceResponse.NodeEndpoint { NodeId = n.Broker, Host = n.Host, Port = n.Port, Rack = n.Rack })];

    private void Hint(ProduceResponse.PartitionProduceResponse answer, string? topic, RequestContext context, ref LeaderHints? hints)
    {
        if (context.ApiVersion >= FirstVersionWithCurrentLeader && LeaderHints.IsDue(answer.ErrorCode) && topic is not null)
        {
            var (leader, epoch) = LeaderHints.Name(ref hints, metadata.Image, context.Connection.ListenerName, topic, answer.Index);
            answer.CurrentLeader = new() { LeaderId = leader, LeaderEpoch = epoch };
        }
    }

    // The client wants no answer, but the records must still become visible once they are synced.
    private static ProduceResponse? NothingAsync(List<(ProduceResponse.PartitionProduceResponse Answer, ValueTask<ErrorCode> Committed)> pending)
    {
        foreach (var (_, committed) in pending)
        {
            _ = committed.AsTask();
        }

        return null;
    }

    private async ValueTask<ProduceResponse?> CommittedAsync(
        ProduceResponse response, List<(ProduceResponse.PartitionProduceResponse Answer, ValueTask<ErrorCode> Committed)> pending, RequestContext context)
    {
        LeaderHints? hints = null;
        foreach (var (answer, committed) in pending)
        {
            var error = await committed;
            if (error != ErrorCode.None)
            {
                answer.ErrorCode = error;
                answer.BaseOffset = Offset.None;
                metrics.ErrorAnswered(nameof(Produce), error);
                if (Array.Find(response.Responses, t => t.PartitionResponses.Contains(answer)) is { } topic)
                {
                    var name = topic.TopicId.IsKnown ? metadata.Image.TopicNames.GetValueOrDefault(topic.TopicId) : topic.Name;
                    Hint(answer, name, context, ref hints);
                }
            }
        }

        if (hints is not null)
        {
            response.NodeEndpoints = [.. response.NodeEndpoints.UnionBy(Named(hints), n => n.NodeId)];
        }

        return response;
    }

    private PartitionAppend Append(
        ProduceRequest request, string? topic, ProduceRequest.PartitionProduceData data, RequestContext context, out Partition? partition)
    {
        partition = null;
        if (request.Acks is < AcksAll or > 1)
        {
            return PartitionAppend.Failed(ErrorCode.InvalidRequiredAcks);
        }

        if (topic is null)
        {
            return PartitionAppend.Failed(ErrorCode.UnknownTopicId);
        }

        if (TopicName.IsInternal(topic) && context.ClientId != AdminClientId)
        {
            return PartitionAppend.Failed(ErrorCode.InvalidTopicException);
        }

        if (!partitions.TryGet(topic, data.Index, out partition))
        {
            return PartitionAppend.Failed(PartitionRegistry.WhyNotHere(metadata.Image, topic, data.Index));
        }

        // Kafka 3.9 never answers null records; INVALID_RECORD tells the client what is wrong with them.
        return data.Records.IsNull
            ? PartitionAppend.Failed(ErrorCode.InvalidRecord)
            : Append(request, partition, MemoryMarshal.AsMemory(data.Records.Memory), context.ApiVersion);
    }

    private static PartitionAppend Append(ProduceRequest request, Partition partition, Memory<byte> records, short version)
    {
        if (BatchHeader.TryRead(records.Span, out var header))
        {
            if (header.Compression == CompressionType.Zstd && version < FirstVersionWithZstd)
            {
                return PartitionAppend.Failed(ErrorCode.UnsupportedCompressionType);
            }

            // There is no transaction coordinator yet, so no partition can have been added to a transaction.
            if (header.IsTransactional)
            {
                return PartitionAppend.Failed(string.IsNullOrEmpty(request.TransactionalId)
                    ? ErrorCode.TransactionalIdAuthorizationFailed
                    : ErrorCode.InvalidTxnState);
            }
        }

        return partition.Append(
            records, request.Acks == AcksAll, AppendOrigin.Client, TimeSpan.FromMilliseconds(request.TimeoutMs), CancellationToken.None);
    }

    // As in Kafka: not where the batch as a whole was not even looked into.
    private static bool TellsLogStart(ErrorCode error) => error is not (
        ErrorCode.CorruptMessage or ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.UnsupportedCompressionType
        or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError);

    private static ProduceResponse.PartitionProduceResponse Answer(int index, in AppendOutcome outcome, Partition? partition)
    {
        var answer = new ProduceResponse.PartitionProduceResponse
        {
            Index = index,
            ErrorCode = outcome.Error,
            ErrorMessage = outcome.Message,
            BaseOffset = outcome.FirstOffset,
            LogAppendTimeMs = outcome.LogAppendTimeMs,
            LogStartOffset = partition is { IsOffline: false } && TellsLogStart(outcome.Error) ? partition.Log.LogStartOffset : Offset.None,
        };
        if (outcome.RecordErrors is { Length: > 0 } errors)
        {
            answer.RecordErrors = Array.ConvertAll(errors, e => new ProduceResponse.BatchIndexAndErrorMessage
            {
                BatchIndex = e.Item1, BatchIndexErrorMessage = e.Item2,
            });
        }

        return answer;
    }
}
