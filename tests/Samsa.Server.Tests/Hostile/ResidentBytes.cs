using System.Globalization;

namespace Samsa.Server.Tests.Hostile;

/// <summary>Memory of another process, from /proc.</summary>
internal static class ResidentBytes
{
    /// <summary>The most it ever had in memory.</summary>
    public static long Most(int pid) => Read(pid, "VmHWM:");

    private static long Read(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
