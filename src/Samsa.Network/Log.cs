using System.Net;
using Microsoft.Extensions.Logging;

namespace Samsa.Network;

/// <summary>Every line that the network writes. Lines that a peer can cause at will go through <see cref="LineLimit"/>; {Suppressed} counts those held back.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listener {Listener} accepts connections at {EndPoint}")]
    public static partial void ListenerStarted(ILogger logger, string listener, EndPoint endPoint);

    [LoggerMessage(2, LogLevel.Error, "Listener {Listener} could not accept a connection: {Error}; next try in {BackoffMs} ms ({Suppressed} like this before)")]
    public static partial void AcceptFailed(ILogger logger, string listener, string error, double backoffMs, long suppressed);

    [LoggerMessage(3, LogLevel.Warning, "{Open} connections are open, as many as max.connections allows; new ones wait ({Suppressed} like this before)")]
    public static partial void TooManyConnections(ILogger logger, int open, long suppressed);

    [LoggerMessage(4, LogLevel.Warning, "Refused a connection from {Address}, which has as many open as max.connections.per.ip allows: {Limit} ({Suppressed} like this before)")]
    public static partial void TooManyFromAddress(ILogger logger, IPAddress address, int limit, long suppressed);

    [LoggerMessage(5, LogLevel.Warning, "Closed connection {Connection} from {Remote}: it claims a request of {Bytes} bytes; 1 to {Limit} are allowed (socket.request.max.bytes) ({Suppressed} like this before)")]
    public static partial void BadFrameSize(ILogger logger, long connection, EndPoint remote, int bytes, int limit, long suppressed);

    [LoggerMessage(6, LogLevel.Warning, "Closed connection {Connection} from {Remote}: {Reason} ({Suppressed} like this before)")]
    public static partial void ProtocolViolated(ILogger logger, long connection, EndPoint remote, string reason, long suppressed);

    [LoggerMessage(7, LogLevel.Error, "Closed connection {Connection} from {Remote}: a request failed unexpectedly ({Suppressed} like this before)")]
    public static partial void RequestFailed(ILogger logger, Exception failure, long connection, EndPoint remote, long suppressed);

    [LoggerMessage(8, LogLevel.Debug, "Closed connection {Connection} from {Remote}: idle for longer than connections.max.idle.ms")]
    public static partial void IdleClosed(ILogger logger, long connection, EndPoint remote);

    [LoggerMessage(9, LogLevel.Warning, "Closed connection {Connection} from {Remote}: it has not taken {Bytes} bytes of answers for longer than connections.max.idle.ms ({Suppressed} like this before)")]
    public static partial void SlowReaderClosed(ILogger logger, long connection, EndPoint remote, long bytes, long suppressed);

    [LoggerMessage(10, LogLevel.Warning, "Cut off {Connections} connections whose requests were not done by the deadline")]
    public static partial void StopCutOff(ILogger logger, int connections);

    [LoggerMessage(11, LogLevel.Information, "Requests use {Bytes} bytes, as many as queued.max.request.bytes allows; reading is delayed ({Suppressed} like this before)")]
    public static partial void BudgetExhausted(ILogger logger, long bytes, long suppressed);

    [LoggerMessage(12, LogLevel.Critical, "Connection {Connection} from {Remote} met a broken invariant; the process ends")]
    public static partial void InvariantBroken(ILogger logger, Exception failure, long connection, EndPoint remote);

    [LoggerMessage(13, LogLevel.Warning, "Closed connection {Connection} from {Remote}: for {PatienceMs} ms it has sent a request at less than {Rate} bytes per second ({Suppressed} like this before)")]
    public static partial void SlowSenderClosed(ILogger logger, long connection, EndPoint remote, double patienceMs, int rate, long suppressed);

    [LoggerMessage(14, LogLevel.Warning, "More than {PerSecond} connections per second, as many as max.connection.creation.rate allows; further ones wait ({Suppressed} like this before)")]
    public static partial void TooManyNewConnections(ILogger logger, int perSecond, long suppressed);
}

/// <summary>Lets one line of a kind through per second, however many peers cause it.</summary>
internal sealed class LineLimit(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private long _last;
    private long _suppressed;
    private bool _hasPassed;

    /// <summary>Whether the line may be written, and how many were not since the last.</summary>
    public bool TryPass(out long suppressed)
    {
        lock (_lock)
        {
            if (_hasPassed && time.GetElapsedTime(_last) < Interval)
            {
                suppressed = 0;
                _suppressed++;
                return false;
            }

            _hasPassed = true;
            _last = time.GetTimestamp();
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
