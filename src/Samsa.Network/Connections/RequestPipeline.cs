using Samsa.Model;

namespace Samsa.Network;

/// <summary>
/// The requests of one connection between their beginning and their answer's departure: keeps the order, bounds how many there are
/// and how many bytes wait to be sent. One side (<see cref="TryBegin"/>, <see cref="Began"/>) belongs to the receive loop, the other
/// (<see cref="Collect"/>, <see cref="Sent"/>) to the send loop; answers come in between, on any thread.
/// </summary>
internal sealed class RequestPipeline(NetworkOptions options, ListenerCounters counters, MuteTimer mute)
{
    /// <summary>Most bytes of one gathered send: large answers go out in pieces, so that a slow reader's progress shows.</summary>
    private const int MaxSendBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly TicketSlot?[] _slots = new TicketSlot?[options.MaxInFlightPerConnection];
    private int _head;
    private int _count;
    private int _holdingBack;
    private long _unsentBytes;
    private long _answersSent;
    private long _bytesSent;
    private bool _isReceiverWaiting;
    private bool _isInputEnded;
    private bool _isDraining;
    private bool _isClosed;

    // Of the send in progress.
    private int _sentOfHead;
    private int _collected;
    private int _sendingOfNext;

    /// <summary>Signals the receive loop that it may be admitted now.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>Signals the send loop that something can be sent, or that it should end.</summary>
    public AsyncSignal Ready { get; } = new();

    /// <summary>Whether the oldest request is being served or the connection is muted: it is then not idle, however long nothing moves.</summary>
    public bool IsServing
    {
        get
        {
            lock (_lock)
            {
                return mute.IsMuted || (_count > 0 && !_slots[_head]!.IsReady);
            }
        }
    }

    /// <summary>Bytes of answers that the peer has not taken yet.</summary>
    public long UnsentBytes
    {
        get
        {
            lock (_lock)
            {
                return _unsentBytes;
            }
        }
    }

    /// <summary>Answers sent whole.</summary>
    public long AnswersSent => Interlocked.Read(ref _answersSent);

    /// <summary>Bytes of answers sent.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Whether more bytes may be read from the connection.</summary>
    public Admission MayRead()
    {
        lock (_lock)
        {
            return Admit(isBlocked: IsFull);
        }
    }

    /// <summary>Takes a place for the next request; where open, the slot must be given to <see cref="Began"/> or <see cref="Failed"/>.</summary>
    public Admission TryBegin(RequestFrame request, out TicketSlot? slot)
    {
        slot = null;
        lock (_lock)
        {
            var admission = Admit(isBlocked: IsFull || _holdingBack > 0);
            if (admission == Admission.Open)
            {
                slot = _slots[(_head + _count) % _slots.Length] ??= new TicketSlot(FinishedLater);
                slot.Request = request;
                _count++;
            }

            return admission;
        }
    }

    /// <summary>The request has begun. True where its answer is here already and next to be sent: the caller then sets <see cref="Ready"/>, at a time of its choice.</summary>
    public bool Began(TicketSlot slot, in RequestTicket ticket)
    {
        counters.RequestBegan();
        var isHere = slot.Await(ticket.Response);
        lock (_lock)
        {
            slot.MuteAfter = ticket.MuteAfter;
            if ((!isHere && !ticket.NextMayStart) || ticket.MuteAfter > TimeSpan.Zero)
            {
                HoldBack(slot);
            }
        }

        if (isHere)
        {
            return Finish(slot);
        }

        slot.CallBack();
        return false;
    }

    /// <summary>The request could not even begin. True as for <see cref="Began"/>.</summary>
    public bool Failed(TicketSlot slot, Exception fault)
    {
        counters.RequestBegan();
        return Settle(slot, null, fault);
    }

    /// <summary>No more requests come: what is ready still goes out, what isn't is dropped.</summary>
    public void EndInput()
    {
        lock (_lock)
        {
            _isInputEnded = true;
        }

        Ready.Set(inline: false);
    }

    /// <summary>Begins no more requests; ends once the last answer has left.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _isDraining = true;
        }

        Changed.Set(inline: false);
        Ready.Set(inline: false);
    }

    /// <summary>Ends at once. Answers that wait are dropped, answers to come as they come.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        Changed.Set(inline: false);
        Ready.Set(inline: false);
    }

    /// <summary>Drops the answers that were ready; only after both loops have ended.</summary>
    public void DropUnsent()
    {
        lock (_lock)
        {
            Invariant.Holds(_isClosed);
            for (var i = 0; i < _count; i++)
            {
                var slot = _slots[(_head + i) % _slots.Length]!;
                slot.Response?.Release();
                slot.Response = null;
            }
        }
    }

    /// <summary>Gathers what can be sent: whole answers in order, or the next piece of a large one.</summary>
    public SendStep Collect(List<ArraySegment<byte>> segments, out Exception? fault)
    {
        fault = null;
        segments.Clear();
        lock (_lock)
        {
            _collected = 0;
            _sendingOfNext = 0;
            var room = MaxSendBytes;
            while (_collected < _count && room > 0 && !_isClosed)
            {
                var slot = _slots[(_head + _collected) % _slots.Length]!;
                if (!slot.IsReady || slot.Fault is not null)
                {
                    break;
                }

                if (slot.Response is { } response)
                {
                    var done = _collected == 0 ? _sentOfHead : 0;
                    var piece = Math.Min(response.Length - done, room);
                    segments.Add(response.Slice(done, piece));
                    room -= piece;
                    if (done + piece < response.Length)
                    {
                        _sendingOfNext = piece;
                        break;
                    }
                }

                _collected++;
            }

            if (_collected > 0 || _sendingOfNext > 0)
            {
                return segments.Count > 0 ? SendStep.Send : SendStep.Skip;
            }

            return NothingToSend(out fault);
        }
    }

    /// <summary>What <see cref="Collect"/> gathered is sent, or was nothing to send. Returns its bytes.</summary>
    public long Sent(List<ArraySegment<byte>> segments)
    {
        var bytes = 0L;
        foreach (var segment in segments)
        {
            bytes += segment.Count;
        }

        bool wake;
        lock (_lock)
        {
            _bytesSent += bytes;
            for (; _collected > 0; _collected--)
            {
                _answersSent++;
                var slot = _slots[_head]!;
                if (slot.MuteAfter > TimeSpan.Zero)
                {
                    mute.MuteFor(slot.MuteAfter);
                }

                slot.Response?.Release();
                Advance();
                _sentOfHead = 0;
            }

            _sentOfHead += _sendingOfNext;
            _unsentBytes -= bytes;
            Invariant.Holds(_unsentBytes >= 0);
            wake = TakeReceiverWaiting();
        }

        if (wake)
        {
            Changed.Set(inline: false);
        }

        return bytes;
    }

    private bool IsFull => _count == _slots.Length || _unsentBytes >= options.MaxUnsentBytes || mute.IsMuted;

    private Admission Admit(bool isBlocked)
    {
        if (_isClosed || _isDraining || _isInputEnded)
        {
            return Admission.Ended;
        }

        _isReceiverWaiting = isBlocked;
        return isBlocked ? Admission.Wait : Admission.Open;
    }

    private bool TakeReceiverWaiting()
    {
        var waiting = _isReceiverWaiting;
        _isReceiverWaiting = false;
        return waiting;
    }

    private void HoldBack(TicketSlot slot)
    {
        Invariant.Holds(!slot.HoldsNextBack);
        slot.HoldsNextBack = true;
        _holdingBack++;
    }

    private SendStep NothingToSend(out Exception? fault)
    {
        fault = !_isClosed && _count > 0 ? _slots[_head]!.Fault : null;
        if (fault is not null || _isClosed || (_isDraining ? _count == 0 : _isInputEnded))
        {
            return SendStep.End;
        }

        return SendStep.Wait;
    }

    private void FinishedLater(TicketSlot slot)
    {
        // This thread belongs to whoever completed the answer: the sending and the next request go to the pool.
        if (Finish(slot))
        {
            Ready.Set(inline: false);
        }
    }

    private bool Finish(TicketSlot slot)
    {
        slot.TakeOutcome(out var response, out var fault);
        return Settle(slot, response, fault);
    }

    /// <summary>Takes in the outcome; true where the send loop has something to do.</summary>
    private bool Settle(TicketSlot slot, ResponseFrame? response, Exception? fault)
    {
        slot.Request!.Release();
        counters.RequestEnded();
        bool wake;
        bool isNext;
        lock (_lock)
        {
            if (_isClosed)
            {
                response?.Release();
                return false;
            }

            slot.IsReady = true;
            slot.Response = response;
            slot.Fault = fault;
            slot.Request = null;
            _isInputEnded |= fault is not null;
            _unsentBytes += response?.Length ?? 0;
            if (response is not null && response.MuteAfter > slot.MuteAfter)
            {
                slot.MuteAfter = response.MuteAfter;
            }

            SettleHold(slot);
            isNext = _slots[_head] == slot;
            wake = TakeReceiverWaiting();
        }

        if (wake)
        {
            Changed.Set(inline: false);
        }

        return isNext;
    }

    /// <summary>A request that mutes holds the next ones back until its answer is sent and the mute takes over; others only until they are answered.</summary>
    private void SettleHold(TicketSlot slot)
    {
        var mutes = slot.MuteAfter > TimeSpan.Zero;
        if (mutes && !slot.HoldsNextBack)
        {
            HoldBack(slot);
        }
        else if (!mutes && slot.HoldsNextBack)
        {
            slot.HoldsNextBack = false;
            _holdingBack--;
        }
    }

    private void Advance()
    {
        var slot = _slots[_head]!;
        if (slot.HoldsNextBack)
        {
            _holdingBack--;
        }

        slot.Clear();
        _head = (_head + 1) % _slots.Length;
        _count--;
    }
}

/// <summary>What the send loop does next.</summary>
internal enum SendStep
{
    /// <summary>Send the segments.</summary>
    Send,

    /// <summary>Requests without an answer are done; look again.</summary>
    Skip,

    /// <summary>Nothing is ready.</summary>
    Wait,

    /// <summary>The connection ends here.</summary>
    End,
}
