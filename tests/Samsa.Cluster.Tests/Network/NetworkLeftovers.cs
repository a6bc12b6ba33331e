using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Samsa.Cluster.Tests.Network;

/// <summary>What runs leave behind that were killed: namespaces with their processes, links, mounted disks.</summary>
internal static partial class NetworkLeftovers
{
    public const string NamespacePrefix = "samsa-test-";
    public const string LinkPrefix = "sv";
    public const string DiskPrefix = "samsa-disks-";

    /// <summary>Removes everything whose maker is gone.</summary>
    public static void Remove()
    {
        foreach (string name in OfTheDead(Shell.TryRun("ip", "netns", "list").Output, NamespaceName()))
        {
            RemoveNamespace(name);
        }

        foreach (string link in OfTheDead(Shell.TryRun("ip", "-o", "link", "show").Output, LinkName()))
        {
            Shell.TryRun("ip", "link", "del", link);
        }

        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), DiskPrefix + "*").Where(f => OfTheDead(f, DiskFolder()).Any()))
        {
            foreach (string disk in Directory.EnumerateDirectories(folder))
            {
                Shell.TryRun("umount", "--lazy", disk);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Ends what runs in a namespace, then removes it.</summary>
    public static void RemoveNamespace(string name)
    {
        foreach (string pid in Shell.TryRun("ip", "netns", "pids", name).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using Process left = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                left.Kill();
                left.WaitForExit(TimeSpan.FromSeconds(5));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
            {
                // It ended meanwhile, or there is no such namespace.
            }
        }

        Shell.TryRun("ip", "netns", "del", name);
    }

    private static IEnumerable<string> OfTheDead(string text, Regex name) =>
        name.Matches(text).Where(m => !IsOurs(m.Groups["pid"].Value)).Select(m => m.Value).Distinct();

    /// <summary>Whether that process still runs and is one of these tests: numbers are given again.</summary>
    private static bool IsOurs(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("Samsa.Cluster.Tests", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\bsamsa-test-(?<pid>\d+)-\w+(-\w+)?")]
    private static partial Regex NamespaceName();

    [GeneratedRegex(@"\bsv(?<pid>\d+)n\d+\b")]
    private static partial Regex LinkName();

    [GeneratedRegex(@"samsa-disks-(?<pid>\d+)-")]
    private static partial Regex DiskFolder();
}
