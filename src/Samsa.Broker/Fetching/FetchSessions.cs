using Samsa.Core.Fetching;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Fetching;

/// <summary>The broker's fetch sessions, for handlers on many threads: the cache decides, a short lock guards it.</summary>
/// <param name="cache">The sessions.</param>
/// <param name="time">The clock.</param>
internal sealed class FetchSessions(FetchSessionCache cache, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>How many sessions are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return cache.Count;
            }
        }
    }

    /// <summary>Begins a request.</summary>
    public FetchContext Begin(FetchRequest request, bool usesTopicIds, bool isFollower)
    {
        var targets = Targets(request);
        var forgotten = Forgotten(request);
        lock (_gate)
        {
            return cache.Begin(request.SessionId, request.SessionEpoch, targets, forgotten, usesTopicIds, isFollower, NowMs);
        }
    }

    /// <summary>Ends it.</summary>
    /// <returns>The session id for the answer.</returns>
    public int End(FetchContext context)
    {
        lock (_gate)
        {
            return cache.End(context, NowMs);
        }
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static List<FetchTarget> Targets(FetchRequest request)
    {
        var targets = new List<FetchTarget>(request.Topics.Length);
        foreach (var topic in request.Topics)
        {
            foreach (var p in topic.Partitions)
            {
                targets.Add(new FetchTarget(new FetchKey(topic.Topic, topic.TopicId, p.Partition))
                {
                    FetchOffset = p.FetchOffset,
                    MaxBytes = p.PartitionMaxBytes,
                    CurrentLeaderEpoch = p.CurrentLeaderEpoch,
                    LastFetchedEpoch = p.LastFetchedEpoch,
                    LogStartOffset = p.LogStartOffset,
                });
            }
        }

        return targets;
    }

    private static List<FetchKey> Forgotten(FetchRequest request)
    {
        var keys = new List<FetchKey>();
        foreach (var topic in request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions)
            {
                keys.Add(new FetchKey(topic.Topic, topic.TopicId, partition));
            }
        }

        return keys;
    }
}
