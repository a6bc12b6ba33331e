using Samsa.Broker.Fetching;
using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Fetching;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// Fetch (KIP-74, KIP-98, KIP-227, KIP-320, KIP-392, KIP-516, KIP-595, KIP-903, KIP-951): records from an offset on, as they lie on disk. Where
/// there is less than the client wants, the request waits without a thread until enough was committed or its time is
/// up. At least one whole batch goes out, however small the limits are. A client above its quota gets an empty answer
/// and the time for which it is throttled (KIP-219). Followers of partitions led here fetch in the same way, up to the
/// end of the log, and by fetching tell how far they are.
/// </summary>
[KafkaApi(ApiKey.Fetch)]
internal sealed class Fetch(
    PartitionRegistry partitions, MetadataState metadata, FetchSessions sessions, FetchLimits limits, ReplicaReads replicas, ClientQuotas quotas, TimeProvider time)
    : IApi<FetchRequest, FetchResponse>
{
    private const short FirstVersionWithTopicIds = 13;
    private const short FirstVersionWithReplicaState = 15;
    private const short FirstVersionWithNodeEndpoints = 16;

    /// <inheritdoc/>
    public ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var caller = CallerOf(request, context.ApiVersion);
        var session = sessions.Begin(request, context.ApiVersion >= FirstVersionWithTopicIds, caller.IsFollower);
        if (session.Error != ErrorCode.None)
        {
            return new(new FetchResponse { ErrorCode = session.Error });
        }

        var most = caller.IsFollower ? limits.MaxBytes : quotas.MostFetched(context.ClientId, limits.MaxBytes);
        var read = new FetchRead(
            new PartitionReader(partitions, metadata, replicas, caller),
            replicas, caller, session, request, most == limits.MaxBytes ? limits : limits with { MaxBytes = most });
        read.Run();
        if (read.IsEnough || request.MaxWaitMs <= 0)
        {
            return new(Answer(read, context));
        }

        return WaitAsync(read, request, context, cancellationToken);
    }

    private static FetchCaller CallerOf(FetchRequest request, short version)
    {
        var state = version >= FirstVersionWithReplicaState ? request.ReplicaState : null;
        return new FetchCaller(
            state?.ReplicaId ?? request.ReplicaId, state?.ReplicaEpoch ?? -1, version, (IsolationLevel)request.IsolationLevel, request.RackId);
    }

    private async ValueTask<FetchResponse?> WaitAsync(FetchRead read, FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = time.GetTimestamp() + (long)(request.MaxWaitMs * (time.TimestampFrequency / 1000.0));
            do
            {
                var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                using (var waiter = new FetchWaiter(read.MissingBytes, left, time))
                {
                    // Between the read and now something may have come: then look again instead of waiting.
                    if (read.TryWait(waiter))
                    {
                        using var stopping = cancellationToken.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).Wake(), waiter);
                        await waiter.Completion;
                        cancellationToken.ThrowIfCancellationRequested();
                    }

                    read.StopWaiting(waiter);
                }

                read.Run();
            }
            while (!read.IsEnough);
        }
        catch
        {
            read.Dispose();
            sessions.End(read.Session);
            throw;
        }

        return Answer(read, context);
    }

    private FetchResponse Answer(FetchRead read, RequestContext context)
    {
        if (!read.IsForFollower && quotas.Fetching(context.ClientId, read.Bytes) is > 0 and var throttleMs)
        {
            context.Throttle(throttleMs);
            read.Dispose();

            // A session that was to begin does not: the client takes an empty first answer for none.
            return new FetchResponse { SessionId = read.Session.IsIncremental ? sessions.End(read.Session) : 0 };
        }

        context.DisposeAfterAnswer(read);
        var topics = read.Topics();
        return new FetchResponse { Responses = topics, SessionId = sessions.End(read.Session), NodeEndpoints = Hints(topics, context) };
    }

    private FetchResponse.NodeEndpoint[] Hints(FetchResponse.FetchableTopicResponse[] topics, RequestContext context)
    {
        LeaderHints? hints = null;
        if (context.ApiVersion < FirstVersionWithNodeEndpoints)
        {
            return [];
        }

        foreach (var topic in topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (LeaderHints.IsDue(partition.ErrorCode))
                {
                    var image = metadata.Image;
                    var name = topic.TopicId.IsKnown ? image.TopicNames.GetValueOrDefault(topic.TopicId, "") : topic.Topic;
                    var (leader, epoch) = LeaderHints.Name(ref hints, image, context.Connection.ListenerName, name, partition.PartitionIndex);
                    partition.CurrentLeader = new() { LeaderId = leader, LeaderEpoch = epoch };
                }
            }
        }

        return hints is null ? [] : [.. hints.Named.Select(n => new FetchResponse.NodeEndpoint { NodeId = n.Broker, Host = n.Host, Port = n.Port, Rack = n.Rack })];
    }
}
