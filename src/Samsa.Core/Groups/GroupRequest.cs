namespace Samsa.Core.Groups;

/// <summary>Who sent a request to a group, as the shell knows it.</summary>
/// <param name="Ticket">A number of the shell's choice that names the request in replies.</param>
/// <param name="ApiVersion">The version of the request and its answer.</param>
/// <param name="ClientId">What the client calls itself.</param>
/// <param name="ClientHost">The client's address with a slash before it, as Kafka shows it: <c>/127.0.0.1</c>.</param>
/// <param name="NowMs">The time, in milliseconds since the epoch.</param>
public readonly record struct GroupRequest(long Ticket, short ApiVersion, string ClientId, string ClientHost, long NowMs);
