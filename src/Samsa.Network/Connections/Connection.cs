using Microsoft.Extensions.Logging;
using Samsa.Model;
using Samsa.Protocol;

namespace Samsa.Network;

/// <summary>
/// One connection from its first byte to its last: a receive loop that cuts and begins requests, and a send loop that lets answers go in order.
/// While nothing waits, both run on the thread that polled the socket; the answer of a request that is served at once leaves before the
/// next byte is read.
/// </summary>
internal sealed class Connection : IDisposable
{
    /// <summary>Receives that complete at once before the loop makes room for the other connections of its polling thread.</summary>
    private const int TurnsBeforeYield = 64;

    private readonly ConnectionContext _context;
    private readonly ListenerCounters _counters;
    private readonly IByteChannel _channel;
    private readonly MuteTimer _mute;
    private readonly RequestPipeline _pipeline;
    private readonly FrameReader _reader;
    private readonly BudgetWaiter _budgetWaiter;
    private readonly List<ArraySegment<byte>> _segments = new(1);
    private IRequestSession? _session;
    private volatile bool _hasMoved = true;
    private volatile bool _isWaitingForBudget;
    private volatile bool _isClosed;
    private volatile bool _isReceiving;
    private long _lastMoved;
    private SlowTransfer _incoming;
    private SlowTransfer _outgoing;

    public Connection(ConnectionContext context, ListenerCounters counters, IByteChannel channel, ConnectionInfo info)
    {
        _context = context;
        _counters = counters;
        _channel = channel;
        Info = info;
        _mute = new MuteTimer(context.Time);
        _pipeline = new RequestPipeline(context.Options, counters, _mute);
        _mute.Ended = () => _pipeline.Changed.Set(inline: false);
        _budgetWaiter = new BudgetWaiter(() => _pipeline.Changed.Set(inline: false));
        _reader = new FrameReader(context.Pool, context.Budget);
    }

    public ConnectionInfo Info { get; }

    /// <summary>Serves until the connection ends, for whatever reason; does not throw.</summary>
    public async Task RunAsync()
    {
        // Off the accepting thread: it has other connections to accept.
        await Task.Yield();
        var sending = Task.CompletedTask;
        try
        {
            _session = _context.Handler.Open(Info);
            sending = SendAllAsync();
            await ReceiveAllAsync();
            _pipeline.EndInput();
        }
        catch (Exception failure)
        {
            Report(failure);
            Close();
        }

        await sending;
        Close();
        _pipeline.DropUnsent();
        EndSession();
        Dispose();
    }

    /// <summary>Lets what has begun finish, then closes.</summary>
    public void Drain() => _pipeline.Drain();

    /// <summary>Closes at once, and throws away what the peer hasn't taken.</summary>
    public void Abort()
    {
        _channel.Abort();
        Close();
    }

    /// <summary>Called every now and then: closes the connection where nothing has moved for too long.</summary>
    public void CheckIdle()
    {
        var now = _context.Time.GetTimestamp();
        var limit = _context.Options.ConnectionsMaxIdle;
        if (!_isClosed && CheckSlow(now, limit))
        {
            return;
        }

        if (_hasMoved || limit <= TimeSpan.Zero || _isWaitingForBudget || _pipeline.IsServing)
        {
            _hasMoved = false;
            _lastMoved = now;
        }
        else if (!_isClosed && _context.Time.GetElapsedTime(_lastMoved, now) >= limit)
        {
            _context.Log.IdleClosed(Info, _pipeline.UnsentBytes);
            Abort();
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _mute.Dispose();
        _channel.Dispose();
    }

    /// <summary>Cuts off a peer that sends a request, or takes an answer, so slowly that it only costs memory. True where it was.</summary>
    private bool CheckSlow(long now, TimeSpan limit)
    {
        // Others that wait for memory are not made to wait for somebody who sends a byte a minute.
        var isContended = _context.Budget.IsContended;
        var patience = isContended && (limit <= TimeSpan.Zero || limit > SlowTransfer.ContendedPatience) ? SlowTransfer.ContendedPatience : limit;
        if (patience > TimeSpan.Zero
            && _incoming.IsTooSlow(_isReceiving && _reader.IsWithinFrame, _reader.FramesRead, _reader.BytesRead, now, patience, _context.Time))
        {
            _counters.FrameRejected();
            _context.Log.SlowSender(Info, patience);
            Abort();
            return true;
        }

        if (limit > TimeSpan.Zero
            && _pipeline.UnsentBytes is > 0 and var unsent
            && _outgoing.IsTooSlow(!_pipeline.IsServing, _pipeline.AnswersSent, _pipeline.BytesSent, now, limit, _context.Time))
        {
            _context.Log.IdleClosed(Info, unsent);
            Abort();
            return true;
        }

        return false;
    }

    private void Close()
    {
        _isClosed = true;
        _pipeline.Close();
        _channel.Shutdown();
    }

    private async Task ReceiveAllAsync()
    {
        var turns = 0;
        while (true)
        {
            var admission = _pipeline.MayRead();
            if (admission == Admission.Wait)
            {
                await _pipeline.Changed.WaitAsync();
                continue;
            }

            if (admission == Admission.Ended || !await ReserveAsync())
            {
                return;
            }

            _isReceiving = true;
            var receiving = _channel.ReceiveAsync(_reader.Target());
            turns = receiving.IsCompleted ? turns + 1 : 0;
            var bytes = await receiving;
            _isReceiving = false;
            if (bytes == 0)
            {
                return;
            }

            _hasMoved = true;
            _counters.Received(bytes);
            _reader.Received(bytes);
            if (!await BeginAllAsync())
            {
                return;
            }

            if (turns >= TurnsBeforeYield)
            {
                turns = 0;
                await Task.Yield();
            }
        }
    }

    /// <summary>Begins every request that is complete. False where the connection should end.</summary>
    private ValueTask<bool> BeginAllAsync()
    {
        var canSend = false;
        while (true)
        {
            var status = ReadFrame(out var frame);
            if (status != FrameStatus.Complete)
            {
                Flush(canSend);
                return ValueTask.FromResult(status == FrameStatus.Incomplete);
            }

            var admission = _pipeline.TryBegin(frame!, out var slot);
            if (admission == Admission.Open)
            {
                canSend |= Begin(frame!, slot!);
                continue;
            }

            Flush(canSend);
            return BeginHeldBackAsync(frame!);
        }
    }

    /// <summary>The rare way on, when a request has to wait for those before it.</summary>
    private async ValueTask<bool> BeginHeldBackAsync(RequestFrame frame)
    {
        while (true)
        {
            var admission = _pipeline.TryBegin(frame, out var slot);
            switch (admission)
            {
                case Admission.Wait:
                    await _pipeline.Changed.WaitAsync();
                    continue;
                case Admission.Ended:
                    frame.Release();
                    return false;
                default:
                    Flush(Begin(frame, slot!));
                    break;
            }

            var status = ReadFrame(out var next);
            if (status != FrameStatus.Complete)
            {
                return status == FrameStatus.Incomplete;
            }

            frame = next!;
        }
    }

    private FrameStatus ReadFrame(out RequestFrame? frame)
    {
        var limit = _context.Options.SocketRequestMaxBytes;
        var status = _reader.TryRead(limit, out frame, out var claimed);
        if (status == FrameStatus.BadSize)
        {
            _counters.FrameRejected();
            _context.Log.BadFrameSize(Info, claimed, limit);
        }

        return status;
    }

    private bool Begin(RequestFrame frame, TicketSlot slot)
    {
        RequestTicket ticket;
        try
        {
            ticket = _session!.Begin(frame);
        }
        catch (Exception failure)
        {
            return _pipeline.Failed(slot, failure);
        }

        return _pipeline.Began(slot, ticket);
    }

    private void Flush(bool canSend)
    {
        if (canSend)
        {
            _pipeline.Ready.Set(inline: true);
        }
    }

    /// <summary>Gets from the budget what the next receive needs, and waits for it where it must. False where the connection ended meanwhile.</summary>
    private ValueTask<bool> ReserveAsync()
    {
        var bytes = _reader.Plan();
        return bytes == 0 || _context.Budget.TryReserve(bytes, _budgetWaiter)
            ? ValueTask.FromResult(true)
            : WaitForBudgetAsync();
    }

    private async ValueTask<bool> WaitForBudgetAsync()
    {
        _isWaitingForBudget = true;
        _context.Log.BudgetExhausted(_context.Budget.Used);
        while (!_context.Budget.IsGranted(_budgetWaiter))
        {
            if (_isClosed || _pipeline.MayRead() == Admission.Ended)
            {
                _context.Budget.Abandon(_budgetWaiter);
                return false;
            }

            await _pipeline.Changed.WaitAsync();
        }

        _isWaitingForBudget = false;
        return true;
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                switch (_pipeline.Collect(_segments, out var fault))
                {
                    case SendStep.Wait:
                        await _pipeline.Ready.WaitAsync();
                        continue;
                    case SendStep.Send when !await _channel.SendAsync(_segments):
                        return;
                    case SendStep.End:
                        Report(fault);
                        return;
                }

                _hasMoved = true;
                _counters.Sent(_pipeline.Sent(_segments));
            }
        }
        catch (Exception failure)
        {
            Report(failure);
        }
        finally
        {
            // Wakes the receive loop, wherever it waits.
            Close();
        }
    }

    private void Report(Exception? failure)
    {
        switch (failure)
        {
            case null:
                break;
            case InvariantException broken:
                Log.InvariantBroken(_context.Log.Logger, failure, Info.Id, Info.RemoteEndPoint);
                Invariant.EndProcess(broken);
                break;
            case ProtocolException:
                _counters.FrameRejected();
                _context.Log.ProtocolViolated(Info, failure.Message);
                break;
            default:
                _context.Log.RequestFailed(Info, failure);
                break;
        }
    }

    private void EndSession()
    {
        try
        {
            _session?.Dispose();
        }
        catch (Exception failure)
        {
            Report(failure);
        }
    }
}

/// <summary>What all connections share.</summary>
internal sealed class ConnectionContext(IConnectionHandler handler, NetworkServices services, RequestMemoryBudget budget, ConnectionLog log, NetworkOptions options)
{
    private volatile NetworkOptions _options = options;

    public IConnectionHandler Handler => handler;

    public TimeProvider Time => services.Time;

    public BufferPool Pool => services.Pool;

    public RequestMemoryBudget Budget => budget;

    public ConnectionLog Log => log;

    public NetworkOptions Options
    {
        get => _options;
        set => _options = value;
    }
}
