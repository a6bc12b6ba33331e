using System.Net;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Network;
using Samsa.Protocol;

namespace Samsa.Broker.Peers;

/// <summary>The way to the active controller: a call where this node is it, else a connection, to one controller after the other until one is.</summary>
internal sealed class ControllerChannel(ControllerChannelOptions options) : IControllerChannel, IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(250);
    private static readonly ConnectionInfo s_here = new(0, "CONTROLLER", new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Lock _gate = new();
    private IPeerChannel? _channel;
    private bool _disposed;

    /// <inheritdoc/>
    public CancellationToken Lost
    {
        get
        {
            lock (_gate)
            {
                return options.IsActive() ? CancellationToken.None : _channel?.Ended ?? CancellationToken.None;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TResponse> SendAsync<TResponse>(IRequest request, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        using var answer = await AskAsync<TResponse>(request, cancellationToken);
        return answer.Response;
    }

    /// <summary>As <see cref="SendAsync"/>, for answers that hold bytes: they lie in the frame.</summary>
    public async ValueTask<PeerAnswer<TResponse>> AskAsync<TResponse>(IRequest request, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.IsActive())
            {
                if (await CallAsync(request, cancellationToken) is TResponse response)
                {
                    return new PeerAnswer<TResponse>(response, null);
                }
            }
            else if (options.Directory.Candidate is { } address)
            {
                if (await TryAskAsync<TResponse>(ChannelTo(address), request, cancellationToken) is { } answer)
                {
                    return answer;
                }

                options.Directory.Reject(address);
            }

            await Task.Delay(pause, options.Time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _channel?.Dispose();
        }
    }

    private async ValueTask<IResponse?> CallAsync(IRequest request, CancellationToken cancellationToken)
    {
        var api = options.Local?.Find((short)request.ApiKey) ?? throw new InvalidOperationException($"No controller serves {request.ApiKey}");
        var context = new RequestContext(s_here, api.MaxVersion, options.ClientId);
        try
        {
            var response = await api.HandleAsync(request, context, cancellationToken);
            return response is not null && NotController.IsRefusal(response) ? null : response;
        }
        catch (NotControllerException)
        {
            return null;
        }
        finally
        {
            context.Release();
        }
    }

    private async ValueTask<PeerAnswer<TResponse>?> TryAskAsync<TResponse>(IPeerChannel channel, IRequest request, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        try
        {
            var answer = await channel.SendAsync<TResponse>(request, options.RequestTimeout, cancellationToken);
            if (!NotController.IsRefusal(answer.Response))
            {
                return answer;
            }

            answer.Dispose();
        }
        catch (IOException)
        {
            // It is down, or went down meanwhile: the next one is asked, and this one again when its turn comes.
        }

        return null;
    }

    private IPeerChannel ChannelTo(PeerAddress address)
    {
        lock (_gate)
        {
            if (_channel?.Address != address)
            {
                // What still waits on the old one fails and is sent again, to the new one.
                _channel?.Dispose();
                _channel = options.Peers.Open(address);
                if (_disposed)
                {
                    _channel.Dispose();
                }
            }

            return _channel;
        }
    }
}

/// <summary>What a channel to the controller stands on.</summary>
internal sealed record ControllerChannelOptions
{
    /// <summary>What this node serves where it is the active controller; null where it never is.</summary>
    public required ApiTable? Local { get; init; }

    /// <summary>Whether this node is the active controller.</summary>
    public required Func<bool> IsActive { get; init; }

    /// <summary>Where other controllers are.</summary>
    public required ControllerDirectory Directory { get; init; }

    /// <summary>Connections.</summary>
    public required IPeerNetwork Peers { get; init; }

    /// <summary>What this node calls itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>How long one controller is given for its answer.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>The clock of pauses.</summary>
    public required TimeProvider Time { get; init; }
}
