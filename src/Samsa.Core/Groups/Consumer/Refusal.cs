using Samsa.Model;

namespace Samsa.Core.Groups.Consumer;

/// <summary>Why a request is refused.</summary>
/// <param name="Error">The code.</param>
/// <param name="Message">In words, for people.</param>
internal sealed record Refusal(ErrorCode Error, string Message);
