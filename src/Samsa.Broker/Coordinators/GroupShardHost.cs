using Microsoft.Extensions.Logging;
using Samsa.Broker.Partitions;
using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Coordinators;

/// <summary>
/// Runs one <see cref="GroupShard"/>: one call at a time, its records appended to the partition as one write, its answers
/// given when everything appended so far is committed. Where an append fails the state is dropped and read back from the log.
/// </summary>
internal sealed class GroupShardHost : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Partition _partition;
    private readonly GroupShardLoader _loader;
    private readonly TimeSpan _commitTimeout;
    private readonly Func<long> _now;
    private readonly GroupTally _tally;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly RecordBatchBuilder _builder = new();
    private readonly Dictionary<long, Waiting> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private GroupShard? _shard;
    private Task _committed = Task.CompletedTask;
    private long _nextTicket;
    private long _timerAtMs = long.MaxValue;

    /// <param name="partition">Which partition of <c>__consumer_offsets</c>.</param>
    /// <param name="loader">Reads its state.</param>
    /// <param name="commitTimeout">How long an answer may wait for its records to be committed: <c>offsets.commit.timeout.ms</c>.</param>
    /// <param name="time">Source of the timer.</param>
    /// <param name="now">Milliseconds that never jump.</param>
    /// <param name="tally">Counts what the groups do.</param>
    /// <param name="logger">Told of failures.</param>
    public GroupShardHost(
        Partition partition, GroupShardLoader loader, TimeSpan commitTimeout, TimeProvider time, Func<long> now, GroupTally tally, ILogger logger)
    {
        (_partition, _loader, _commitTimeout, _now, _tally, _logger) = (partition, loader, commitTimeout, now, tally, logger);
        _timer = time.CreateTimer(static host => ((GroupShardHost)host!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Which partition of <c>__consumer_offsets</c>.</summary>
    public Partition Partition => _partition;

    /// <summary>Reads the state from the log, until it succeeds or the host is disposed.</summary>
    public async Task LoadAsync()
    {
        try
        {
            var shard = await _loader.LoadAsync(_partition, _stopping.Token);
            shard.Loaded(_now());
            lock (_gate)
            {
                _shard = shard;
            }

            Run(static _ => null);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    /// <summary>Serves one request.</summary>
    public ValueTask<IResponse> SubmitAsync(IRequest request, short version, string clientId, string clientHost)
    {
        var waiting = new Waiting(request, version);
        var isLoaded = Run(shard =>
        {
            var ticket = ++_nextTicket;
            _waiting.Add(ticket, waiting);
            return shard.Handle(request, new GroupRequest(ticket, version, clientId, clientHost, _now()));
        });
        return isLoaded
            ? new(waiting.Answer.Task)
            : new(GroupFailures.Answer(request, version, _partition.IsOffline ? ErrorCode.CoordinatorNotAvailable : ErrorCode.CoordinatorLoadInProgress));
    }

    /// <summary>Topics were deleted: what was committed for them goes.</summary>
    public void OnTopicsDeleted(IReadOnlyCollection<string> names) => Run(shard => shard.OnTopicsDeleted(names));

    /// <summary>Looks at the groups, while nothing changes; false where they are not there (yet).</summary>
    public bool Look(Action<GroupShard> look)
    {
        lock (_gate)
        {
            if (_shard is not { } shard)
            {
                return false;
            }

            look(shard);
            return true;
        }
    }

    /// <summary>The partition is led elsewhere, or the broker stops: whoever waits looks for another coordinator.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _timer.Dispose();
        List<Waiting> left;
        lock (_gate)
        {
            _shard = null;
            left = TakeWaiting();
        }

        Fail(left);
    }

    private static void Fail(List<Waiting> waiting) => waiting.ForEach(w => w.Fail(ErrorCode.NotCoordinator));

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerAtMs = long.MaxValue;
        }

        Run(shard => shard.Tick(_now()));
    }

    // False where the state is not there (yet).
    private bool Run(Func<GroupShard, GroupEffects?> call)
    {
        List<(Waiting Waiting, IResponse Response)> replies;
        List<Waiting>? left = null;
        ErrorCode error;
        lock (_gate)
        {
            if (_shard is not { } shard)
            {
                return false;
            }

            var effects = call(shard);
            SetTimer(shard.NextDeadlineMs);
            if (effects is null)
            {
                return true;
            }

            _tally.Note(effects);
            replies = Take(effects);
            var committed = effects.Records.Count > 0 ? Append(effects.Records) : new(ErrorCode.None);
            if (!_committed.IsCompletedSuccessfully || !committed.IsCompletedSuccessfully)
            {
                _committed = FinishAsync(_committed, committed, shard, replies);
                return true;
            }

#pragma warning disable VSTHRD002 // It is complete: nothing waits here.
            error = committed.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            if (error != ErrorCode.None)
            {
                // Nobody may look at it any more: it holds what the log does not.
                _shard = null;
                replies = Refuse(replies, Translate(error));
                left = TakeWaiting();
            }
        }

        Complete(replies);
        if (left is not null)
        {
            LoadAgain(left, error);
        }

        return true;
    }

    private List<(Waiting Waiting, IResponse Response)> Take(GroupEffects effects)
    {
        var replies = new List<(Waiting Waiting, IResponse Response)>(effects.Replies.Count);
        foreach (var reply in effects.Replies)
        {
            if (_waiting.Remove(reply.Ticket, out var waiting))
            {
                replies.Add((waiting, reply.Response));
            }
        }

        return replies;
    }

    private static void Complete(List<(Waiting Waiting, IResponse Response)> replies)
    {
        foreach (var (waiting, response) in replies)
        {
            waiting.Answer.TrySetResult(response);
        }
    }

    private ValueTask<ErrorCode> Append(IReadOnlyList<GroupRecord> records)
    {
        var now = _now();
        _builder.Clear();
        foreach (var record in records)
        {
            _builder.Append(now, GroupRecordCodec.EncodeKey(record.Key), GroupRecordCodec.EncodeValue(record.Value));
        }

        var append = _partition.Append(_builder.Build(), needsAll: true, AppendOrigin.Coordinator, _commitTimeout, CancellationToken.None);
        return append.Outcome.Error != ErrorCode.None ? new(append.Outcome.Error) : append.Committed;
    }

    private async Task FinishAsync(
        Task earlier, ValueTask<ErrorCode> committed, GroupShard shard, List<(Waiting Waiting, IResponse Response)> replies)
    {
        await earlier;
        var error = await committed;
        if (error != ErrorCode.None)
        {
            Complete(Refuse(replies, Translate(error)));
            Reload(shard, error);
            return;
        }

        // An answer without records of its own, too, rests on all that came before: where that failed, it tells of what is not in the log.
        Complete(IsCurrent(shard) ? replies : Refuse(replies, ErrorCode.NotCoordinator));
    }

    private bool IsCurrent(GroupShard shard)
    {
        lock (_gate)
        {
            return ReferenceEquals(_shard, shard);
        }
    }

    private static List<(Waiting Waiting, IResponse Response)> Refuse(List<(Waiting Waiting, IResponse Response)> replies, ErrorCode error) =>
        [.. replies.Select(r => (r.Waiting, GroupFailures.Answer(r.Waiting.Request, r.Waiting.Version, error)))];

    // What the shard holds is ahead of the log now, so it goes, with all that waits for it.
    private void Reload(GroupShard failed, ErrorCode error)
    {
        List<Waiting> left;
        lock (_gate)
        {
            if (!ReferenceEquals(_shard, failed))
            {
                return;
            }

            _shard = null;
            left = TakeWaiting();
        }

        LoadAgain(left, error);
    }

    private void LoadAgain(List<Waiting> left, ErrorCode error)
    {
        CoordinatorLog.AppendFailed(_logger, _partition.Name, error);
        Fail(left);
        _ = LoadAsync();
    }

    private static ErrorCode Translate(ErrorCode error) => error switch
    {
        ErrorCode.NotLeaderOrFollower => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge => ErrorCode.InvalidCommitOffsetSize,
        _ => ErrorCode.CoordinatorNotAvailable,
    };

    private List<Waiting> TakeWaiting()
    {
        List<Waiting> left = [.. _waiting.Values];
        _waiting.Clear();
        return left;
    }

    private void SetTimer(long deadlineMs)
    {
        if (deadlineMs < _timerAtMs)
        {
            _timerAtMs = deadlineMs;
            _ = _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(deadlineMs - _now(), 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
        }
    }

    // Answers go on where they are completed, outside the lock, except that a client's next request must not run here.
    private sealed class Waiting(IRequest request, short version)
    {
        public IRequest Request => request;

        public short Version => version;

        public TaskCompletionSource<IResponse> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(ErrorCode error) => Answer.TrySetResult(GroupFailures.Answer(request, version, error));
    }
}
