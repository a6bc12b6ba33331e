namespace Samsa.Server.Tests.Golden;

/// <summary>One place where two answers differ; values are shown short.</summary>
internal sealed record Difference(string Case, string Path, string Expected, string Actual)
{
    public override string ToString() => $"{Case}  {Path}: {Expected} -> {Actual}";
}
