namespace Samsa.Core;

/// <summary>
/// What a deterministic state machine decided: the records that make it true and the answer to give once they are
/// committed. The state itself changes only when the records are applied.
/// </summary>
/// <param name="Response">The answer; it leaves when the records are committed.</param>
/// <param name="Records">What to append, as one atomic change; empty where nothing changes.</param>
public readonly record struct Transition<TResponse, TRecord>(TResponse Response, IReadOnlyList<TRecord> Records);
