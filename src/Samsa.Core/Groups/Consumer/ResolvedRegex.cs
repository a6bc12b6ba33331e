namespace Samsa.Core.Groups.Consumer;

/// <summary>The topics a regular expression stood for when it was last looked at.</summary>
/// <param name="Topics">Their names, in order.</param>
/// <param name="Version">The version of the topics at that time.</param>
/// <param name="AtMs">When that was.</param>
internal sealed record ResolvedRegex(IReadOnlyList<string> Topics, long Version, long AtMs);
