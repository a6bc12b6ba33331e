using System.Runtime.CompilerServices;

namespace Samsa.Network;

/// <summary>A place in the queue of a connection's answers; used again and again.</summary>
internal sealed class TicketSlot
{
    private readonly Action _onCompleted;
    private ValueTaskAwaiter<ResponseFrame?> _awaiter;

    public TicketSlot(Action<TicketSlot> finished) => _onCompleted = () => finished(this);

    /// <summary>Whether the answer, or the failure, is there.</summary>
    public bool IsReady { get; set; }

    /// <summary>The request, held until its answer is there.</summary>
    public RequestFrame? Request { get; set; }

    /// <summary>The answer; null where there is none to send.</summary>
    public ResponseFrame? Response { get; set; }

    /// <summary>Why there is no answer and the connection must close.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Whether the next request waits for this one.</summary>
    public bool HoldsNextBack { get; set; }

    /// <summary>How long the connection is not read after this answer.</summary>
    public TimeSpan MuteAfter { get; set; }

    /// <summary>Begins to wait for the answer. True where it is there already; otherwise the slot's callback is called, on whatever thread has it.</summary>
    public bool Await(ValueTask<ResponseFrame?> response)
    {
        _awaiter = response.GetAwaiter();
        return _awaiter.IsCompleted;
    }

    /// <summary>Asks for the callback. Not part of <see cref="Await"/>: it may come before this returns.</summary>
    public void CallBack() => _awaiter.UnsafeOnCompleted(_onCompleted);

    /// <summary>Takes the outcome, once.</summary>
    public void TakeOutcome(out ResponseFrame? response, out Exception? fault)
    {
        response = null;
        fault = null;
        try
        {
#pragma warning disable VSTHRD002 // It is complete: nothing is waited for.
            response = _awaiter.GetResult();
#pragma warning restore VSTHRD002
        }
        catch (Exception failure)
        {
            fault = failure;
        }

        _awaiter = default;
    }

    /// <summary>Makes the slot free for the next request.</summary>
    public void Clear()
    {
        IsReady = false;
        Request = null;
        Response = null;
        Fault = null;
        HoldsNextBack = false;
        MuteAfter = TimeSpan.Zero;
    }
}
