using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>A line of a definition file: where a diagnostic points to.</summary>
/// <param name="Path">The file.</param>
/// <param name="Span">The line's characters, counted from the start of the file.</param>
/// <param name="Index">The line, counted from zero.</param>
internal readonly record struct SourceLine(string Path, TextSpan Span, int Index)
{
    public Location ToLocation() => Location.Create(
        Path,
        Span,
        new LinePositionSpan(new LinePosition(Index, 0), new LinePosition(Index, Span.Length)));
}
