using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Metrics;
using Samsa.Model;
using Samsa.Network;

namespace Samsa.Broker.Http;

/// <summary>
/// Serves <c>/metrics</c> and <c>/health</c> over plain HTTP on <c>samsa.admin.listener</c>. Written for three small pages:
/// GET and HEAD, short heads, few connections, each with a deadline. docs/decisions/0008 says why it isn't a web server.
/// </summary>
public sealed class AdminListener : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly AdminServices _services;
    private readonly PrometheusExporter _metrics;
    private readonly AdminPages _pages;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<IByteChannel, Task> _connections = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IChannelListener> _bound = [];
    private readonly List<Task> _loops = [];

    private AdminListener(AdminServices services)
    {
        _services = services;
        _metrics = new PrometheusExporter(services.Metrics);
        _pages = new AdminPages(services.Health, _metrics);
        _logger = services.Loggers.CreateLogger<AdminListener>();
    }

    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint EndPoint => _bound[0].LocalEndPoint;

    /// <summary>
    /// Starts what <c>samsa.admin.listener</c> asks for; null where that is nothing. Begin with it after the broker is
    /// ready: nothing waits for it.
    /// </summary>
    /// <remarks>
    /// Where the setting was left at its default and another process has the port, a second broker on this machine as a rule,
    /// it is left out with a warning.
    /// </remarks>
    /// <exception cref="AdminListenerException">The address that was asked for can't be had.</exception>
    public static AdminListener? Start(BrokerConfig config, AdminServices services)
    {
        if (config.AdminAddress is not { } address)
        {
            return null;
        }

        var listener = new AdminListener(services);
        try
        {
            listener.Bind(address);
        }
        catch (SocketException e)
        {
            listener._metrics.Dispose();
            listener._stopping.Dispose();
            var problem = $"{SamsaConfigs.AdminListener} = {address} ({config.OriginOf(SamsaConfigs.AdminListener)}) can't be opened: {e.Message}";
            if (config.IsGiven(SamsaConfigs.AdminListener))
            {
                throw new AdminListenerException($"{problem}. Choose another port, or leave the setting empty to do without.", e);
            }

            HttpEvents.LeftOut(listener._logger, problem);
            return null;
        }

        HttpEvents.Started(listener._logger, listener.EndPoint);
        return listener;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelNow();
        _bound.ForEach(b => b.Dispose());
        await Task.WhenAll(_loops);
        Task[] serving;
        lock (_gate)
        {
            serving = [.. _connections.Values];
            foreach (var channel in _connections.Keys)
            {
                channel.Abort();
            }
        }

        await Task.WhenAll(serving);
        _metrics.Dispose();
        _stopping.Dispose();
    }

    private void Bind(AdminAddress address)
    {
        IPAddress[] hosts = address.Host == "*" ? [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any]
            : IPAddress.TryParse(address.Host, out var ip) ? [ip]
            : Dns.GetHostAddresses(address.Host);
        foreach (var host in hosts)
        {
            try
            {
                _bound.Add(_services.Transport.Bind(new IPEndPoint(host, _bound.Count > 0 ? EndPoint.Port : address.Port)));
            }
            catch (SocketException) when (_bound.Count > 0)
            {
                // A name may have an address of a family that this machine has switched off.
            }
        }

        foreach (var bound in _bound)
        {
            _loops.Add(AcceptAsync(bound));
        }
    }

    private async Task AcceptAsync(IChannelListener bound)
    {
        await Task.Yield();
        var backoff = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (backoff > TimeSpan.Zero)
                {
                    await Task.Delay(backoff, _services.Time, _stopping.Token);
                }

                var channel = await bound.AcceptAsync(_stopping.Token);
                Take(channel);
                backoff = TimeSpan.Zero;
            }
            catch (SocketException e)
            {
                backoff = TimeSpan.FromSeconds(1);
                HttpEvents.AcceptFailed(_logger, e.Message);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(IByteChannel channel)
    {
        lock (_gate)
        {
            if (_connections.Count < MaxConnections && !_stopping.IsCancellationRequested)
            {
                _connections.Add(channel, ServeAsync(channel));
                return;
            }
        }

        channel.Abort();
        channel.Dispose();
    }

    private async Task ServeAsync(IByteChannel channel)
    {
        // Receiving may complete on the thread that polls sockets, which must not render pages.
        await Task.Yield();
        try
        {
            var buffer = new byte[HttpRequestHead.MaxLength];
            var filled = 0;
            while (await AnswerNextAsync(channel, buffer, filled) is { } left)
            {
                filled = left;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is gone, or the listener stops.
        }
        finally
        {
            channel.Shutdown();
            channel.Dispose();
            lock (_gate)
            {
                _connections.Remove(channel);
            }
        }
    }

    // Gives the number of bytes in the buffer that belong to the next request; null where none may follow.
    private async ValueTask<int?> AnswerNextAsync(IByteChannel channel, byte[] buffer, int filled)
    {
        await using var deadline = _services.Time.CreateTimer(static state => ((IByteChannel)state!).Abort(), channel, Deadline, Timeout.InfiniteTimeSpan);
        while (true)
        {
            var status = HttpRequestHead.TryRead(buffer.AsSpan(0, filled), out var head);
            if (status == System.Buffers.OperationStatus.Done)
            {
                await Task.Yield();
                var sent = await channel.SendAsync([new ArraySegment<byte>(_pages.Answer(head))]);
                buffer.AsSpan(head.Length, filled - head.Length).CopyTo(buffer);
                return sent && head.KeepAlive && !_stopping.IsCancellationRequested ? filled - head.Length : null;
            }

            if (status == System.Buffers.OperationStatus.InvalidData)
            {
                await channel.SendAsync([new ArraySegment<byte>(AdminPages.BadRequest())]);
                return null;
            }

            var received = await channel.ReceiveAsync(buffer.AsMemory(filled));
            if (received == 0)
            {
                return null;
            }

            filled += received;
        }
    }
}

/// <summary>What the admin listener stands on and tells of.</summary>
public sealed record AdminServices
{
    /// <summary>What it says of the broker's health.</summary>
    public AdminHealth Health { get; init; } = new();

    /// <summary>What <c>/metrics</c> tells of, with the meters made by it.</summary>
    public required BrokerMetrics Metrics { get; init; }

    /// <summary>Sockets unless told otherwise.</summary>
    public ITransport Transport { get; init; } = SocketTransport.Default;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public required ILoggerFactory Loggers { get; init; }
}

/// <summary>The admin listener's address can't be had; the message names the setting.</summary>
/// <param name="message">What is wrong and what to change.</param>
/// <param name="cause">What the system said.</param>
public sealed class AdminListenerException(string message, Exception cause) : Exception(message, cause);
