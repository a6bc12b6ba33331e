namespace Samsa.Broker.Tests.Configuration;

/// <summary>A page under <c>docs/reference</c> that is made from a table.</summary>
internal static class ReferencePage
{
    /// <summary>Fails where the page isn't what the table says; rewrites it where <c>SAMSA_REGENERATE_DOCS=1</c>.</summary>
    public static void ShouldBe(string name, string rendered)
    {
        var path = Path.Combine(GoldenTable.Root, "docs", "reference", name);
        if (Environment.GetEnvironmentVariable("SAMSA_REGENERATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, rendered);
        }

        var current = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(current == rendered, $"docs/reference/{name} is stale: run the tests once with SAMSA_REGENERATE_DOCS=1 and commit it");
    }
}
