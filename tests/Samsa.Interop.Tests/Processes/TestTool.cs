namespace Samsa.Interop.Processes;

/// <summary>What to do in a test whose tool is not installed.</summary>
internal static class TestTool
{
    private static readonly bool IsCi = Environment.GetEnvironmentVariable("CI") is { Length: > 0 };

    /// <summary>A program that is looked for on the PATH.</summary>
    public static void RequireProgram(string name) => Require(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))), name);

    /// <summary>Skips the test when the tool is missing; a CI server has to have it, so there the test fails.</summary>
    public static void Require(bool isThere, string tool)
    {
        if (isThere)
        {
            return;
        }

        string reason = $"{tool} is not installed: scripts/install-test-tools installs it (as root, or with sudo)";
        if (IsCi)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
