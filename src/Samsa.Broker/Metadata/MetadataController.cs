using System.Collections.Concurrent;
using Samsa.Broker.Pipeline;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Runs one decision about the cluster at a time: decide on the newest image, append what was decided, answer when it
/// is committed and applied.
/// </summary>
internal sealed class MetadataController(MetadataState state, IMetadataLog log, ControllerRules rules, TimeProvider time)
{
    private readonly Turns _turn = new(1);
    private readonly ConcurrentQueue<Action<BrokerSessions>> _contacts = new();
    private readonly ConcurrentDictionary<long, BrokerId> _connections = new();
    private TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private ActiveController _active = new(rules);
    private LeaderEpoch _activeEpoch = LeaderEpoch.None;

    /// <summary>Whether this node decides: whether it is the active controller.</summary>
    public bool IsActive => log.IsLeader;

    /// <summary>The epoch of the active controller; a new one means that another took over, be it the same node.</summary>
    public LeaderEpoch Epoch => log.Epoch;

    /// <summary>Decides, and makes the decision true.</summary>
    /// <param name="decide">Sees the newest image and the offset where its first record will stand.</param>
    /// <param name="cancellationToken">Ends waiting for the turn; a decision once appended is not taken back.</param>
    /// <exception cref="NotControllerException">
    /// This node is not the active controller, or ceased to be. Not for handlers: the pipeline sends the request to the one that is.
    /// </exception>
    /// <exception cref="IOException">The metadata log could not be written; nothing is known to have changed.</exception>
    public ValueTask<TResponse> SubmitAsync<TResponse>(
        Func<MetadataImage, Offset, Transition<TResponse, IMetadataRecord>> decide, CancellationToken cancellationToken) =>
        SubmitAsync(turn => decide(turn.Image, turn.Next), cancellationToken);

    /// <inheritdoc cref="SubmitAsync{TResponse}(Func{MetadataImage, Offset, Transition{TResponse, IMetadataRecord}}, CancellationToken)"/>
    public async ValueTask<TResponse> SubmitAsync<TResponse>(
        Func<ControllerTurn, Transition<TResponse, IMetadataRecord>> decide, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken);
        try
        {
            if (!log.IsLeader)
            {
                throw new NotControllerException();
            }

            var decision = decide(Turn());
            if (decision.Records.Count > 0)
            {
                await log.AppendAsync(decision.Records, cancellationToken);
            }

            return decision.Response;
        }
        finally
        {
            _turn.Leave();
        }
    }

    /// <summary>
    /// Notes that a broker was heard of, before its request gets its turn: it must not be fenced because others take long.
    /// </summary>
    /// <param name="broker">The broker.</param>
    /// <param name="epoch">Its epoch, as it says.</param>
    /// <param name="connection">By which connection.</param>
    public void Hear(BrokerId broker, long epoch, long connection)
    {
        var now = NowMs;
        _connections[connection] = broker;
        _contacts.Enqueue(sessions =>
        {
            if (state.Image.Brokers.GetValueOrDefault(broker)?.Epoch == epoch)
            {
                sessions.Hear(broker, epoch, connection, now);
            }
        });
    }

    /// <summary>A connection is over; of interest where a broker was heard of by it.</summary>
    public void Lose(long connection)
    {
        var now = NowMs;
        if (_connections.TryRemove(connection, out _))
        {
            _contacts.Enqueue(sessions => sessions.Lose(connection, now));
            Volatile.Read(ref _lost).TrySetResult();
        }
    }

    /// <summary>Nobody listens where a broker should.</summary>
    public void Miss(BrokerId broker, long epoch)
    {
        var now = NowMs;
        _contacts.Enqueue(sessions => sessions.Miss(broker, epoch, now));
        Volatile.Read(ref _lost).TrySetResult();
    }

    /// <summary>Lets so much time pass, less where a broker is lost: then something may be due earlier than <see cref="DoWhatIsDueAsync"/> said.</summary>
    public async Task RestAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        var lost = Volatile.Read(ref _lost);
        if (lost.Task.IsCompleted)
        {
            lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _lost, lost);

            // What was lost in between was noted before, and is seen by the next look, which is now.
            return;
        }

        await using var alarm = time.CreateTimer(static lost => ((TaskCompletionSource)lost!).TrySetResult(), lost, most, Timeout.InfiniteTimeSpan);
        await using var stopping = cancellationToken.UnsafeRegister(static lost => ((TaskCompletionSource)lost!).TrySetResult(), lost);
        await lost.Task;
        cancellationToken.ThrowIfCancellationRequested();
        Volatile.Write(ref _lost, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Does what the active controller does by itself, as far as it is due.</summary>
    /// <param name="fenced">Told of each broker that was fenced.</param>
    /// <param name="cancellationToken">Ends waiting for the turn.</param>
    /// <returns>How long it is until something is due again.</returns>
    /// <exception cref="NotControllerException">This node is not the active controller.</exception>
    /// <exception cref="IOException">The metadata log could not be written.</exception>
    public async ValueTask<TimeSpan> DoWhatIsDueAsync(Action<BrokerId> fenced, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (did, broker, waitMs) = await SubmitAsync(
                turn =>
                {
                    var decision = turn.Active.Act(turn.Image, turn.NowMs);
                    var due = turn.Active.NextDueMs(turn.Image, turn.NowMs) - turn.NowMs;
                    return new Transition<(bool, BrokerId, long), IMetadataRecord>((decision.Records.Count > 0, decision.Response, due), decision.Records);
                },
                cancellationToken);
            if (!did)
            {
                return TimeSpan.FromMilliseconds(Math.Max(1, waitMs));
            }

            if (broker != BrokerId.None)
            {
                fenced(broker);
            }
        }
    }

    private long NowMs => (long)time.GetElapsedTime(_started).TotalMilliseconds;

    private ControllerTurn Turn()
    {
        if (_activeEpoch != log.Epoch)
        {
            // Also where this node was active before: meanwhile others were, and heard what it did not.
            (_active, _activeEpoch) = (new ActiveController(rules), log.Epoch);
        }

        var (image, now) = (state.Image, NowMs);
        _active.Advance(image, now);
        while (_contacts.TryDequeue(out var contact))
        {
            contact(_active.Sessions);
        }

        return new ControllerTurn(image, log.EndOffset, _active, now);
    }
}
