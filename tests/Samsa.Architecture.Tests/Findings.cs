namespace Samsa.Architecture.Tests;

/// <summary>Fails with every finding, not only the first few.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string?> findings)
    {
        var all = findings.ToArray();
        if (all.Length > 0)
        {
            Assert.Fail(string.Join('\n', all));
        }
    }
}
