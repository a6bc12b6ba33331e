using System.Net;
using Microsoft.Extensions.Logging;

namespace Samsa.Network;

/// <summary>The lines that peers can cause, each kind limited for all connections together.</summary>
internal sealed class ConnectionLog(ILogger logger, TimeProvider time)
{
    private readonly LineLimit _badFrames = new(time);
    private readonly LineLimit _violations = new(time);
    private readonly LineLimit _failures = new(time);
    private readonly LineLimit _slowReaders = new(time);
    private readonly LineLimit _slowSenders = new(time);
    private readonly LineLimit _budget = new(time);
    private readonly LineLimit _connections = new(time);
    private readonly LineLimit _newConnections = new(time);
    private readonly LineLimit _addresses = new(time);
    private readonly LineLimit _accepts = new(time);

    public ILogger Logger => logger;

    public void BadFrameSize(ConnectionInfo info, int bytes, int limit)
    {
        if (_badFrames.TryPass(out var suppressed))
        {
            Log.BadFrameSize(logger, info.Id, info.RemoteEndPoint, bytes, limit, suppressed);
        }
    }

    public void ProtocolViolated(ConnectionInfo info, string reason)
    {
        if (_violations.TryPass(out var suppressed))
        {
            Log.ProtocolViolated(logger, info.Id, info.RemoteEndPoint, reason, suppressed);
        }
    }

    public void RequestFailed(ConnectionInfo info, Exception failure)
    {
        if (_failures.TryPass(out var suppressed))
        {
            Log.RequestFailed(logger, failure, info.Id, info.RemoteEndPoint, suppressed);
        }
    }

    public void IdleClosed(ConnectionInfo info, long unsentBytes)
    {
        if (unsentBytes == 0)
        {
            Log.IdleClosed(logger, info.Id, info.RemoteEndPoint);
        }
        else if (_slowReaders.TryPass(out var suppressed))
        {
            Log.SlowReaderClosed(logger, info.Id, info.RemoteEndPoint, unsentBytes, suppressed);
        }
    }

    public void SlowSender(ConnectionInfo info, TimeSpan patience)
    {
        if (_slowSenders.TryPass(out var suppressed))
        {
            Log.SlowSenderClosed(logger, info.Id, info.RemoteEndPoint, patience.TotalMilliseconds, SlowTransfer.BytesPerSecond, suppressed);
        }
    }

    public void BudgetExhausted(long bytes)
    {
        if (_budget.TryPass(out var suppressed))
        {
            Log.BudgetExhausted(logger, bytes, suppressed);
        }
    }

    public void TooManyConnections(int open)
    {
        if (_connections.TryPass(out var suppressed))
        {
            Log.TooManyConnections(logger, open, suppressed);
        }
    }

    public void TooManyNewConnections(int perSecond)
    {
        if (_newConnections.TryPass(out var suppressed))
        {
            Log.TooManyNewConnections(logger, perSecond, suppressed);
        }
    }

    public void TooManyFromAddress(IPAddress address, int limit)
    {
        if (_addresses.TryPass(out var suppressed))
        {
            Log.TooManyFromAddress(logger, address, limit, suppressed);
        }
    }

    public void AcceptFailed(string listener, string error, TimeSpan backoff)
    {
        if (_accepts.TryPass(out var suppressed))
        {
            Log.AcceptFailed(logger, listener, error, backoff.TotalMilliseconds, suppressed);
        }
    }
}
