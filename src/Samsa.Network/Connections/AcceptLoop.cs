using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Samsa.Network;

/// <summary>Accepts the connections of one address until told to stop.</summary>
internal sealed class AcceptLoop(string name, IChannelListener listener, ConnectionContext context, ConnectionTable table, ListenerCounters counters)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);
    private readonly AsyncSignal _roomMayBeFree = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Log.ListenerStarted(context.Log.Logger, name, listener.LocalEndPoint);
        await Task.Yield();
        using var wakeAtEnd = cancellationToken.UnsafeRegister(static loop => ((AcceptLoop)loop!)._roomMayBeFree.Set(inline: false), this);
        var backoff = FirstBackoff;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var channel = await listener.AcceptAsync(cancellationToken);
                backoff = FirstBackoff;
                await ServeAsync(channel, cancellationToken);
            }
            catch (Exception end) when (cancellationToken.IsCancellationRequested && end is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.NotConnected)
            {
                // Connected and left again before we looked.
            }
            catch (SocketException failure)
            {
                // Mostly the limit of open files. What is open goes on; the rest waits in the system's queue.
                context.Log.AcceptFailed(name, failure.Message, backoff);
                await BackOffAsync(backoff, cancellationToken);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
        }
    }

    private async Task BackOffAsync(TimeSpan backoff, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(backoff, context.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }

    // It keeps its place under max.connections while it waits: who connects too often does not get more of them for it.
    private async Task SendAwayAsync(IByteChannel channel, IPAddress address, TimeSpan wait, CancellationToken cancellationToken)
    {
        await BackOffAsync(wait, cancellationToken);
        channel.Dispose();
        table.Refused(address);
    }

    /// <summary>Waits until rate and number of connections allow one more, which then has its place. False at the end.</summary>
    private async ValueTask<bool> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        while (table.Pace.TryTakeTurn(context.Options.MaxConnectionCreationRate) is var wait && wait > TimeSpan.Zero)
        {
            context.Log.TooManyNewConnections(context.Options.MaxConnectionCreationRate);
            await BackOffAsync(wait, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        while (!table.TryReserve(_roomMayBeFree))
        {
            await _roomMayBeFree.WaitAsync();
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask ServeAsync(IByteChannel channel, CancellationToken cancellationToken)
    {
        if (!await WaitForTurnAsync(cancellationToken))
        {
            channel.Dispose();
            return;
        }

        var address = (channel.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        if (!table.TryAdd(address))
        {
            counters.ConnectionRefused();
            channel.Dispose();
            table.GiveBack();
            return;
        }

        if (address is not null && context.Handler.RefuseFor(address) is var wait && wait > TimeSpan.Zero)
        {
            counters.ConnectionRefused();
            _ = SendAwayAsync(channel, address, wait, cancellationToken);
            return;
        }

        var info = new ConnectionInfo(table.NextId(), name, channel.RemoteEndPoint, channel.LocalEndPoint);
        table.Run(new Connection(context, counters, channel, info), address, counters);
    }
}
