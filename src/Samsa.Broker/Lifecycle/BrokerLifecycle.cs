using Microsoft.Extensions.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Lifecycle;

/// <summary>
/// A broker's life in the cluster (KIP-631): it registers, says again and again that it lives until the controller lets it lead, and gives
/// its leaderships away before it stops.
/// </summary>
internal sealed class BrokerLifecycle(BrokerLifecycleOptions options) : IDisposable
{
    private static readonly TimeSpan s_startInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_afterLoss = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_untilReplaced = TimeSpan.FromMilliseconds(250);

    // Longer than the controllers need to elect another one, and far shorter than anybody wants to wait where none is left.
    private static readonly TimeSpan s_failover = TimeSpan.FromSeconds(6);
    private readonly CancellationTokenSource _stopping = new();
    private Task _beating = Task.CompletedTask;
    private long _epoch = -1;
    private bool _shallStop;

    /// <summary>The epoch under which the broker is registered; -1 before.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Registers, trying until it works or the time for it (<c>initial.broker.registration.timeout.ms</c>) is over.</summary>
    /// <exception cref="IOException">The cluster does not take this broker, or nobody answered.</exception>
    public async ValueTask RegisterAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.RegistrationTimeout, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var last = ErrorCode.None;
        try
        {
            while (true)
            {
                var answer = await options.Controller.SendAsync<BrokerRegistrationResponse>(Registration(), limit.Token);
                last = answer.ErrorCode;
                switch (last)
                {
                    case ErrorCode.None:
                        Volatile.Write(ref _epoch, answer.BrokerEpoch);
                        await options.Metadata.WaitUntilAsync(image => image.AppliedOffset.Value >= answer.BrokerEpoch, limit.Token);
                        Log.Registered(options.Logger, options.Registration.BrokerId, answer.BrokerEpoch);
                        return;
                    case ErrorCode.DuplicateBrokerRegistration:
                        // Another process under this id, or the session of the one before, which will end.
                        await Task.Delay(s_untilReplaced, options.Time, limit.Token);
                        break;
                    case ErrorCode.InconsistentClusterId:
                        throw new IOException(
                            $"The cluster has another id than this broker's data directories, {options.Registration.ClusterId}: they belong to another cluster");
                    default:
                        throw new IOException($"The controller does not register this broker: {last.Describe().Name}, {last.Describe().Text}");
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = last == ErrorCode.DuplicateBrokerRegistration
                ? $"another broker with node.id {options.Registration.BrokerId} is alive"
                : "no controller answered";
            throw new IOException($"Not registered within {options.RegistrationTimeout.TotalSeconds:0} s: {reason}", e);
        }
    }

    /// <summary>Says that it lives until it is no longer fenced, and from then on now and then until it stops.</summary>
    public async ValueTask UnfenceAsync(CancellationToken cancellationToken)
    {
        while (await BeatAsync(wantShutDown: false, options.SessionTimeout, cancellationToken) is not { ErrorCode: ErrorCode.None, IsFenced: false })
        {
            await Task.Delay(s_startInterval, options.Time, cancellationToken);
        }

        var self = options.Registration.BrokerId;
        await options.Metadata.WaitUntilAsync(image => image.Brokers.GetValueOrDefault(self) is { Fenced: false } b && b.Epoch >= Epoch, cancellationToken);
        _beating = BeatForeverAsync(_stopping.Token);
    }

    /// <summary>Controlled shutdown: waits until the controller has given the broker's leaderships to others, or for as long as there is patience.</summary>
    public async ValueTask LeaveAsync(TimeSpan patience)
    {
        if (Epoch < 0)
        {
            return;
        }

        Dispose();
        await _beating;
        using var late = new CancellationTokenSource(patience, options.Time);
        try
        {
            while (!_shallStop)
            {
                var answer = await BeatAsync(wantShutDown: true, s_failover, late.Token);
                if (answer is null)
                {
                    Log.NotLeft(options.Logger, s_failover.TotalSeconds);
                    return;
                }

                _shallStop = answer is { ErrorCode: ErrorCode.None, ShouldShutDown: true };
                if (!_shallStop)
                {
                    await Task.Delay(s_startInterval, options.Time, late.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            Log.NotLeft(options.Logger, patience.TotalSeconds);
        }
    }

    /// <summary>Ends the heartbeats.</summary>
    public async ValueTask StopAsync()
    {
        Dispose();
        await _beating;
    }

    /// <summary>Ends the heartbeats, here and now: asynchronously the runtime would do it on another thread.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task BeatForeverAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await RestAsync(cancellationToken);
                var answer = await BeatAsync(wantShutDown: false, options.SessionTimeout, cancellationToken);
                if (answer?.ErrorCode == ErrorCode.StaleBrokerEpoch)
                {
                    Log.RegistersAnew(options.Logger, Epoch);
                    await RegisterAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The broker stops.
        }
        catch (IOException e)
        {
            options.Failed(e);
        }
    }

    /// <summary>
    /// Waits until the next heartbeat is due. Where the connection to the controller broke that is soon: it has to tell this broker from one
    /// whose process is gone.
    /// </summary>
    private async Task RestAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, options.Controller.Lost);
        try
        {
            await Task.Delay(options.HeartbeatInterval, options.Time, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_afterLoss, options.Time, cancellationToken);
        }
    }

    /// <summary>One heartbeat; null where no controller answered in time.</summary>
    private async ValueTask<BrokerHeartbeatResponse?> BeatAsync(bool wantShutDown, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await options.Controller.SendAsync<BrokerHeartbeatResponse>(
                new BrokerHeartbeatRequest
                {
                    BrokerId = options.Registration.BrokerId,
                    BrokerEpoch = Epoch,
                    CurrentMetadataOffset = options.Metadata.Image.AppliedOffset,
                    WantShutDown = wantShutDown,
                    OfflineLogDirs = [.. options.OfflineDirectories()],
                },
                limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private BrokerRegistrationRequest Registration()
    {
        var request = options.Registration;
        if (Epoch >= 0)
        {
            request.PreviousBrokerEpoch = Epoch;
        }

        return request;
    }
}

/// <summary>What a broker's life depends on.</summary>
internal sealed record BrokerLifecycleOptions
{
    /// <summary>The way to the controller.</summary>
    public required IControllerChannel Controller { get; init; }

    /// <summary>The metadata as this broker has it.</summary>
    public required MetadataState Metadata { get; init; }

    /// <summary>What it registers as.</summary>
    public required BrokerRegistrationRequest Registration { get; init; }

    /// <summary>The ids of its log directories that are out of use.</summary>
    public required Func<IEnumerable<Guid>> OfflineDirectories { get; init; }

    /// <summary><c>initial.broker.registration.timeout.ms</c>.</summary>
    public required TimeSpan RegistrationTimeout { get; init; }

    /// <summary><c>broker.heartbeat.interval.ms</c>.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary><c>broker.session.timeout.ms</c>.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>Told when the cluster does not want this broker any more.</summary>
    public required Action<IOException> Failed { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where log lines go.</summary>
    public required ILogger Logger { get; init; }
}
