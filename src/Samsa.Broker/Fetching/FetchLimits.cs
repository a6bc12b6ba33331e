namespace Samsa.Broker.Fetching;

/// <summary>What bounds an answer whatever the client asks for.</summary>
/// <param name="MaxBytes">The most bytes of records in one answer (<c>fetch.max.bytes</c>).</param>
/// <param name="MaxUnsentBytes">
/// The most bytes that large answers of all connections may hold together (<c>samsa.max.unsent.fetch.bytes</c>). Beyond it answers go on
/// with one batch each: whoever reads is served, and who only asks costs little more.
/// </param>
/// <param name="UnsentBytes">What such answers hold now.</param>
internal sealed record FetchLimits(int MaxBytes, long MaxUnsentBytes, Func<long> UnsentBytes)
{
    /// <summary>The most bytes of records that an answer may have now, but for the one batch that always goes.</summary>
    public int Now => (int)Math.Clamp(MaxUnsentBytes - UnsentBytes(), 0, MaxBytes);
}
