using Samsa.Broker.Partitions;
using Samsa.Broker.Peers;
using Samsa.Broker.Quotas;
using Samsa.Core.Fetching;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Fetchers;

/// <summary>
/// Fetches the partitions that follow one leader, over one connection: one request after the other, each for all that do
/// not rest, in an incremental session (KIP-227). A partition that fails rests by itself; the others go on.
/// </summary>
internal sealed class ReplicaFetcher : IAsyncDisposable
{
    private readonly BrokerId _leader;
    private readonly IPeerChannel _channel;
    private readonly ReplicaServices _services;
    private readonly ReplicaFetcherSettings _settings;
    private readonly ReplicationThrottle _throttle;
    private readonly FetchSessionClient _session = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<FetchKey, FollowedPartition> _followed = [];
    private readonly Task _loop;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isUnreachable;

    /// <summary>Starts; it idles until a partition is added.</summary>
    public ReplicaFetcher(
        BrokerId leader, IPeerChannel channel, ReplicaServices services, ReplicaFetcherSettings settings, ReplicationThrottle throttle)
    {
        (_leader, _channel, _services, _settings, _throttle) = (leader, channel, services, settings, throttle);
        _loop = SuperviseAsync();
    }

    /// <summary>Where the leader is.</summary>
    public PeerAddress Address => _channel.Address;

    /// <summary>What it fetches.</summary>
    public Partition[] Partitions
    {
        get
        {
            lock (_gate)
            {
                return [.. _followed.Values.Select(f => f.Partition)];
            }
        }
    }

    /// <summary>Begins to fetch a partition.</summary>
    public void Add(Partition partition, FollowerReplica role)
    {
        lock (_gate)
        {
            _followed[KeyOf(partition)] = new FollowedPartition(partition, role);
            _changed.TrySetResult();
        }
    }

    /// <summary>Ends fetching a partition.</summary>
    /// <returns>Whether none is left.</returns>
    public bool Remove(Partition partition)
    {
        lock (_gate)
        {
            _followed.Remove(KeyOf(partition));
            return _followed.Count == 0;
        }
    }

    /// <summary>Stops, and completes when it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelNow();
        await _loop;
        _channel.Dispose();
        _stopping.Dispose();
    }

    private static FetchKey KeyOf(Partition partition) => new("", partition.TopicId, partition.Name.Partition);

    private async Task SuperviseAsync()
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await FetchAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (IOException e)
            {
                OnUnreachable(e);
                await PauseAsync(_settings.Backoff);
            }
#pragma warning disable CA1031 // The supervisor is where every failure of the loop ends.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _session.OnFailure(ErrorCode.UnknownServerError);
                ReplicationLog.FetcherFailed(_services.Logger, e, _leader);
                await PauseAsync(_settings.Backoff);
            }
        }
    }

    // Once around; alternatively sleeps until there is something to fetch.
    private async Task FetchAsync()
    {
        var (wanted, unsynced, changed, wakeAt) = Survey();
        if (unsynced is not null)
        {
            await SyncAsync(unsynced);
            return;
        }

        if (wanted.Count == 0)
        {
            await SleepAsync(changed, wakeAt);
            return;
        }

        using var answer = await _channel.SendAsync<FetchResponse>(Request(_session.Next(wanted)), _settings.Timeout, _stopping.Token);
        _isUnreachable = false;
        var response = answer.Response;
        if (response.ErrorCode != ErrorCode.None)
        {
            // A session that the leader forgot costs one request; anything else deserves a rest.
            _session.OnFailure(response.ErrorCode);
            if (response.ErrorCode is not (ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch or ErrorCode.FetchSessionTopicIdError))
            {
                await PauseAsync(_settings.Backoff);
            }

            return;
        }

        _session.OnAnswer(response.SessionId);
        Take(response);
    }

    private (Dictionary<FetchKey, FetchPosition> Wanted, List<(FollowedPartition Followed, ValueTask Sync)>? Unsynced, Task Changed, long WakeAtMs) Survey()
    {
        var now = _services.NowMs;
        var wakeAt = long.MaxValue;
        var isOverLimit = _throttle.IsExceeded;
        lock (_gate)
        {
            var wanted = new Dictionary<FetchKey, FetchPosition>(_followed.Count);
            List<(FollowedPartition, ValueTask)>? unsynced = null;
            foreach (var (key, followed) in _followed)
            {
                if (followed.RestsUntilMs > now)
                {
                    wakeAt = Math.Min(wakeAt, followed.RestsUntilMs);
                }
                else if (isOverLimit && IsThrottled(followed))
                {
                    wakeAt = Math.Min(wakeAt, now + _settings.MaxWaitMs);
                }
                else if (followed.Partition.TryFetchPosition(out var log))
                {
                    // What a fetch says to have must be as durable as the topic asks for, also what a killed process left behind.
                    var sync = _services.Store.CommitAsync(followed.Partition.Log, log.End, _stopping.Token);
                    if (sync.IsCompletedSuccessfully)
                    {
                        wanted.Add(key, new FetchPosition(log.End, log.Start, followed.Role.Epoch, log.LastEpoch));
                    }
                    else
                    {
                        (unsynced ??= []).Add((followed, sync));
                    }
                }
            }

            if (_changed.Task.IsCompleted)
            {
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return (wanted, unsynced, _changed.Task, wakeAt);
        }
    }

    private async Task SyncAsync(List<(FollowedPartition Followed, ValueTask Sync)> unsynced)
    {
        foreach (var (followed, sync) in unsynced)
        {
            try
            {
                await sync;
            }
            catch (IOException)
            {
                // The log is offline now, and told so, or its disk is full and may have room later.
                followed.RestsUntilMs = _services.NowMs + (long)_settings.Backoff.TotalMilliseconds;
            }
        }
    }

    private bool IsThrottled(FollowedPartition followed) =>
        _throttle.Covers(followed.Partition.Name, _settings.Self) && !IsInSync(followed.Partition);

    private bool IsInSync(Partition partition) =>
        _services.Metadata.Image.TopicById(partition.TopicId) is { } topic
        && partition.Name.Partition < topic.Partitions.Count
        && topic.Partitions[partition.Name.Partition].InSyncReplicas.Contains(_settings.Self);

    private async Task SleepAsync(Task changed, long wakeAtMs)
    {
        using var stopping = _stopping.Token.UnsafeRegister(static self => ((ReplicaFetcher)self!).Wake(), this);
        await using var alarm = wakeAtMs == long.MaxValue ? null : _services.Time.CreateTimer(
            static self => ((ReplicaFetcher)self!).Wake(),
            this,
            TimeSpan.FromMilliseconds(Math.Max(1, wakeAtMs - _services.NowMs)),
            Timeout.InfiniteTimeSpan);
        await changed;
    }

    private void Wake()
    {
        lock (_gate)
        {
            _changed.TrySetResult();
        }
    }

    private async Task PauseAsync(TimeSpan time) => await Task.Delay(time, _services.Time, _stopping.Token)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private FetchRequest Request(in FetchSessionRequest session) => new()
    {
        ReplicaState = new() { ReplicaId = _settings.Self, ReplicaEpoch = _settings.BrokerEpoch() },
        MaxWaitMs = _settings.MaxWaitMs,
        MinBytes = _settings.MinBytes,
        MaxBytes = _settings.MaxBytes,
        SessionId = session.SessionId,
        SessionEpoch = session.Epoch,
        Topics =
        [
            .. session.Changed.GroupBy(p => p.Key.TopicId).Select(topic => new FetchRequest.FetchTopic
            {
                TopicId = topic.Key, Partitions = [.. topic.Select(p => Ask(p.Key.Partition, p.Value))],
            }),
        ],
        ForgottenTopicsData =
        [
            .. session.Forgotten.GroupBy(k => k.TopicId).Select(topic => new FetchRequest.ForgottenTopic
            {
                TopicId = topic.Key, Partitions = [.. topic.Select(k => k.Partition)],
            }),
        ],
    };

    private FetchRequest.FetchPartition Ask(int partition, in FetchPosition position) => new()
    {
        Partition = partition,
        CurrentLeaderEpoch = position.CurrentLeaderEpoch,
        FetchOffset = position.From,
        LastFetchedEpoch = position.LastFetchedEpoch,
        LogStartOffset = position.LogStartOffset,
        PartitionMaxBytes = _settings.MaxPartitionBytes,
    };

    private void Take(FetchResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var data in topic.Partitions)
            {
                var key = new FetchKey("", topic.TopicId, data.PartitionIndex);
                if (Find(key) is { } followed && _session.Told.TryGetValue(key, out var asked) && asked.CurrentLeaderEpoch == followed.Role.Epoch)
                {
                    Take(followed, asked, data);
                }
            }
        }
    }

    private FollowedPartition? Find(FetchKey key)
    {
        lock (_gate)
        {
            return _followed.GetValueOrDefault(key);
        }
    }

    private void Take(FollowedPartition followed, in FetchPosition asked, FetchResponse.PartitionData data)
    {
        var answer = new LeaderAnswer(
            data.ErrorCode, data.HighWatermark, data.LogStartOffset, (data.DivergingEpoch?.Epoch ?? LeaderEpoch.None, data.DivergingEpoch?.EndOffset ?? Offset.None));
        var (action, error) = followed.Partition.OnLeaderAnswer(followed.Role, (asked.From, asked.LastFetchedEpoch), answer, data.Records.Memory);
        var hasFailed = action == FollowerAction.Pause || (action != FollowerAction.Ignore && error != ErrorCode.None);
        if (hasFailed && error != followed.LastError)
        {
            ReplicationLog.CannotFetch(_services.Logger, followed.Partition.Name, _leader, error);
        }

        followed.LastError = hasFailed ? error : ErrorCode.None;
        followed.RestsUntilMs = hasFailed ? _services.NowMs + (long)_settings.Backoff.TotalMilliseconds : 0;
        if (action == FollowerAction.Append && !hasFailed && data.Records.Length > 0 && _throttle.IsLimited && IsThrottled(followed))
        {
            _throttle.Record(data.Records.Length);
        }
    }

    private void OnUnreachable(IOException failure)
    {
        _session.OnFailure(ErrorCode.NetworkException);
        if (!_isUnreachable)
        {
            _isUnreachable = true;
            ReplicationLog.LeaderUnreachable(_services.Logger, _leader, Partitions.Length, failure.Message);
        }
    }

    /// <summary>A partition and how fetching it goes.</summary>
    private sealed class FollowedPartition(Partition partition, FollowerReplica role)
    {
        public Partition Partition => partition;

        public FollowerReplica Role => role;

        public long RestsUntilMs { get; set; }

        public ErrorCode LastError { get; set; }
    }
}
