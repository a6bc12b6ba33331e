using System.Net;
using System.Net.Sockets;
using Samsa.Broker.Pipeline;
using Samsa.Network;
using Samsa.Protocol;

namespace Samsa.Broker.Peers;

/// <summary>
/// The way to one node: a connection made with the first request and, after a back-off, again when it broke. While it waits to connect,
/// callers wait with it, so who tries again needs no delay of his own.
/// </summary>
internal sealed class PeerChannel(PeerAddress address, PeerNetworkOptions options) : IPeerChannel
{
    private readonly Turns _connecting = new(1);
    private PeerLink? _link;
    private int _failures;
    private long _lastTry;
    private bool _disposed;

    /// <inheritdoc/>
    public PeerAddress Address => address;

    /// <inheritdoc/>
    public CancellationToken Ended => Volatile.Read(ref _link)?.Ended ?? CancellationToken.None;

    /// <inheritdoc/>
    public async ValueTask<PeerAnswer<TResponse>> SendAsync<TResponse>(IRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        var started = options.Time.GetTimestamp();
        var link = Volatile.Read(ref _link);
        if (link is not { IsOpen: true })
        {
            link = await ConnectAsync(timeout, cancellationToken);
        }

        var left = timeout - options.Time.GetElapsedTime(started);
        return await link.SendAsync<TResponse>(request, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        Volatile.Read(ref _link)?.Dispose();
    }

    private async ValueTask<PeerLink> ConnectAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await _connecting.EnterAsync(limit.Token);
            try
            {
                return _link is { IsOpen: true } link ? link : await ConnectOnceAsync(timeout, limit.Token);
            }
            finally
            {
                _connecting.Leave();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No connection to {address} within {timeout.TotalMilliseconds:0} ms", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"No connection to {address}: {e.Message}", e);
        }
    }

    private async ValueTask<PeerLink> ConnectOnceAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        // A link that broke after it had served is tried again at once, a node that refuses ever more rarely.
        var backoff = _failures == 0 ? TimeSpan.Zero : options.FirstBackoff * (1 << Math.Min(_failures - 1, 10));
        backoff = (backoff < options.LongestBackoff ? backoff : options.LongestBackoff) - options.Time.GetElapsedTime(_lastTry);
        if (_failures > 0 && backoff > TimeSpan.Zero)
        {
            await Task.Delay(backoff, options.Time, cancellationToken);
        }

        _failures++;
        _lastTry = options.Time.GetTimestamp();
        if (Volatile.Read(ref _disposed))
        {
            throw new IOException($"The channel to {address} is closed");
        }

        EndPoint endPoint = IPAddress.TryParse(address.Host, out var ip) ? new IPEndPoint(ip, address.Port) : new DnsEndPoint(address.Host, address.Port);
        var connection = await PeerConnection.ConnectAsync(
            options.Transport, endPoint, new PeerConnectionOptions { Time = options.Time, MaxAnswerBytes = options.MaxAnswerBytes }, cancellationToken);
        try
        {
            var link = await PeerLink.BeginAsync(connection, options.ClientId, timeout, cancellationToken);
            _failures = 0;
            Volatile.Write(ref _link, link);
            if (Volatile.Read(ref _disposed))
            {
                link.Dispose();
            }

            return link;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
