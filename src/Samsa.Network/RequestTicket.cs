namespace Samsa.Network;

/// <summary>A request that has begun: its answer, sooner or later. A ticket that waits blocks no thread.</summary>
/// <param name="response">
/// The answer; null where there is nothing to send (<c>acks=0</c>). It is awaited exactly once. Whoever completes it may do so on
/// any thread: neither sending nor the next request happens on the completing thread.
/// </param>
/// <param name="nextMayStart">
/// True lets the connection's next request begin before this answer exists (a Produce that waits for durability). Answers
/// leave in the order of the requests all the same.
/// </param>
/// <param name="muteAfter">
/// How long the connection is not read after this answer went out, or would have (KIP-219). A muting request holds the next
/// ones back until its time is over. Where it is only known at the end, see <see cref="ResponseFrame.MuteAfter"/>.
/// </param>
public readonly struct RequestTicket(ValueTask<ResponseFrame?> response, bool nextMayStart, TimeSpan muteAfter)
{
    /// <summary>A ticket that holds the next request back until its answer exists, and mutes nothing.</summary>
    public RequestTicket(ValueTask<ResponseFrame?> response)
        : this(response, nextMayStart: false, TimeSpan.Zero)
    {
    }

    /// <summary>A ticket whose answer is already there.</summary>
    public RequestTicket(ResponseFrame? response)
        : this(new ValueTask<ResponseFrame?>(response))
    {
    }

    /// <summary>The answer, or null for none.</summary>
    public ValueTask<ResponseFrame?> Response { get; } = response;

    /// <summary>Whether the next request may begin before this answer exists.</summary>
    public bool NextMayStart { get; } = nextMayStart;

    /// <summary>How long the connection is not read after the answer.</summary>
    public TimeSpan MuteAfter { get; } = muteAfter;
}
