using System.Text.RegularExpressions;

namespace Samsa.Server.Tests.Golden;

/// <summary>A difference that is meant, or accepted for now. Patterns may hold * for anything.</summary>
/// <param name="Cases">Which cases.</param>
/// <param name="Path">Which field of the answer; <c>outcome</c> for answering at all.</param>
/// <param name="Reason">For people: it stands word for word in docs/compatibility.md.</param>
/// <param name="IsCertain">False where it depends on how fast the replay runs.</param>
internal sealed record KnownDifference(string Cases, string Path, string Reason, bool IsCertain = true)
{
    private readonly Regex _cases = Pattern(Cases);
    private readonly Regex _path = Pattern(Path);

    public bool Covers(Difference difference) => _cases.IsMatch(difference.Case) && _path.IsMatch(difference.Path);

    private static Regex Pattern(string glob) =>
        new("^" + Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
