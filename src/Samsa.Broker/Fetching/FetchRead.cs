using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Core.Fetching;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Fetching;

/// <summary>
/// Reads what one fetch asks for. <see cref="Run"/> may be called again after a wait; what was found last counts. The
/// records themselves are not read here: slices of the log are, and they go straight into the answer's frame.
/// </summary>
internal sealed class FetchRead : IDisposable
{
    private readonly PartitionReader _reader;
    private readonly ReplicaReads _replicas;
    private readonly FetchCaller _caller;
    private readonly FetchRequest _request;
    private readonly FetchLimits _limits;
    private readonly FetchTarget[] _targets;
    private readonly PartitionRead[] _found;
    private long _bytes;
    private bool _mustAnswer;

    /// <summary>Prepares to read.</summary>
    public FetchRead(PartitionReader reader, ReplicaReads replicas, FetchCaller caller, FetchContext session, FetchRequest request, FetchLimits limits)
    {
        Session = session;
        _request = request;
        _reader = reader;
        _replicas = replicas;
        _caller = caller;
        _limits = limits;
        _targets = [.. session.Targets];
        _found = new PartitionRead[_targets.Length];
    }

    /// <summary>The session it belongs to.</summary>
    public FetchContext Session { get; }

    /// <summary>Whether a follower fetches.</summary>
    public bool IsForFollower => _caller.IsFollower;

    /// <summary>How many bytes of records were found.</summary>
    public long Bytes => _bytes;

    /// <summary>How many bytes are still missing before the client wants an answer (<c>fetch.min.bytes</c>).</summary>
    public long MissingBytes => Math.Max(1, _request.MinBytes - _bytes);

    /// <summary>Whether the answer should go now: enough bytes, an error, or nothing to wait for.</summary>
    public bool IsEnough => _mustAnswer || _bytes >= _request.MinBytes || _targets.Length == 0;

    /// <summary>Reads every partition in turn, within the limits.</summary>
    public void Run()
    {
        Dispose();
        _bytes = 0;
        _mustAnswer = false;
        var left = (long)Math.Min(_request.MaxBytes, _limits.Now);
        for (var i = 0; i < _targets.Length; i++)
        {
            var target = _targets[i];
            var found = _reader.Read(target, (int)Math.Min(left, target.MaxBytes), atLeastOneBatch: _bytes == 0);
            _found[i] = found;
            _bytes += found.Length;
            left = Math.Max(0, left - found.Length);
            _mustAnswer |= found.Error != ErrorCode.None
                || found.Diverging is not null
                || found.Preferred is not null
                || (_caller.IsFollower && _replicas.IsRackAware && target.IsNews(found.HighWatermark));
        }
    }

    /// <summary>Lets a waiter wait for all partitions.</summary>
    /// <returns>False where one of them has news already.</returns>
    public bool TryWait(FetchWaiter waiter)
    {
        foreach (var found in _found)
        {
            if (found.Partition is { } partition && !TryWait(partition, waiter, found))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWait(Partition partition, FetchWaiter waiter, in PartitionRead found) => _caller.IsFollower
        ? partition.TryWaitForAppend(waiter, found.LogEndOffset, _replicas.IsRackAware ? found.HighWatermark : Offset.None)
        : partition.TryWait(waiter, found.HighWatermark);

    /// <summary>Takes the waiter back from all partitions.</summary>
    public void StopWaiting(FetchWaiter waiter)
    {
        foreach (var found in _found)
        {
            found.Partition?.StopWaiting(waiter);
        }
    }

    /// <summary>The answer's topics; those of an incremental session without news are left out.</summary>
    public FetchResponse.FetchableTopicResponse[] Topics()
    {
        var topics = new List<FetchResponse.FetchableTopicResponse>();
        var partitions = new List<FetchResponse.PartitionData>();
        FetchKey? current = null;
        for (var i = 0; i < _targets.Length; i++)
        {
            var target = _targets[i];
            ref var found = ref _found[i];
            var news = new FetchNews(found.Error, found.HighWatermark, found.LogStartOffset, found.Length > 0, found.Diverging is not null || found.Preferred is not null);
            if (!Session.HasNews(target, news))
            {
                continue;
            }

            Session.Said(target, news);
            if (found.Partition is { } partition && found.Length > 0)
            {
                Count(partition, found.Length);
            }

            if (current is { } c && (c.Topic != target.Key.Topic || c.TopicId != target.Key.TopicId))
            {
                topics.Add(new() { Topic = c.Topic, TopicId = c.TopicId, Partitions = [.. partitions] });
                partitions.Clear();
            }

            current = target.Key;
            partitions.Add(Answer(target, found));
        }

        if (current is { } last)
        {
            topics.Add(new() { Topic = last.Topic, TopicId = last.TopicId, Partitions = [.. partitions] });
        }

        return [.. topics];
    }

    /// <summary>Lets go of the slices found.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _found.Length; i++)
        {
            _found[i].Slice?.Dispose();
            _found[i] = default;
        }
    }

    private void Count(Partition partition, int bytes)
    {
        if (_caller.IsFollower)
        {
            _replicas.Sent(partition, _caller.Replica, bytes);
        }
        else
        {
            partition.Traffic.Fetched(bytes);
        }
    }

    private static FetchResponse.PartitionData Answer(FetchTarget target, in PartitionRead found)
    {
        var data = new FetchResponse.PartitionData
        {
            PartitionIndex = target.Key.Partition,
            ErrorCode = found.Error,
            HighWatermark = found.HighWatermark,
            LastStableOffset = found.LastStableOffset,
            LogStartOffset = found.LogStartOffset,
            AbortedTransactions = found.Aborted,
            PreferredReadReplica = found.Preferred ?? BrokerId.None,
            Records = found.Slice is { } slice ? new RecordsPayload(slice) : new RecordsPayload(ReadOnlyMemory<byte>.Empty),
        };
        if (found.Diverging is { } diverging)
        {
            data.DivergingEpoch = new() { Epoch = diverging.Epoch, EndOffset = diverging.EndOffset };
        }

        return data;
    }
}
