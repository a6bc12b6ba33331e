namespace Samsa.Broker.Fetching;

/// <summary>What bounds an answer whatever the client asks for.</summary>
/// <param name="MaxBytes">The most bytes of records in one answer (<c>fetch.max.bytes</c>).</param>
internal sealed record FetchLimits(int MaxBytes);
