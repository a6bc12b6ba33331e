using System.Globalization;

namespace Samsa.Cli.Serving;

/// <summary>How long this process has existed, so that a start's time counts the runtime's own, too.</summary>
internal static class ProcessAge
{
    private const double TicksPerSecond = 100;

    private static readonly long s_fallback = TimeProvider.System.GetTimestamp();

    /// <summary>
    /// The age to 10 ms. Read from /proc rather than with System.Diagnostics.Process, which costs more than all the rest of
    /// the command line.
    /// </summary>
    public static TimeSpan Now => FromProc() ?? TimeProvider.System.GetElapsedTime(s_fallback);

    private static TimeSpan? FromProc()
    {
        try
        {
            // The second field is the program's name and may contain anything but the last parenthesis; field 22 is the start.
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
            var age = double.Parse(uptime, CultureInfo.InvariantCulture) - (long.Parse(fields[19], CultureInfo.InvariantCulture) / TicksPerSecond);
            return age >= 0 ? TimeSpan.FromSeconds(age) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
