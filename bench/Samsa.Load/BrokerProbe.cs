using System.Globalization;

namespace Samsa.Load;

/// <summary>CPU time and memory of the broker process, from /proc.</summary>
internal sealed class BrokerProbe
{
    // Linux reports utime and stime in USER_HZ, which is 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly int? _pid;
    private readonly double _cpuAtStart;

    public BrokerProbe(int? pid)
    {
        _pid = pid;
        if (pid is not null)
        {
            if (!Directory.Exists($"/proc/{pid}"))
            {
                throw new LoadException($"--broker-pid {pid}: no such process");
            }

            // Writing 5 resets the high-water mark, so that the peak is this run's (allowed for the own user only).
            try
            {
                File.WriteAllText($"/proc/{pid}/clear_refs", "5");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }

        _cpuAtStart = CpuSeconds();
    }

    /// <summary>What the broker used since this probe was made; null without a process id.</summary>
    public BrokerUsage? Read()
    {
        if (_pid is null || !Directory.Exists($"/proc/{_pid}"))
        {
            return null;
        }

        return new BrokerUsage(CpuSeconds() - _cpuAtStart, StatusMegabytes("VmHWM:"), StatusMegabytes("VmRSS:"));
    }

    private double CpuSeconds()
    {
        if (_pid is null || !File.Exists($"/proc/{_pid}/stat"))
        {
            return 0;
        }

        // The second field is the command in parentheses and may contain blanks: count from the last parenthesis.
        string stat = File.ReadAllText($"/proc/{_pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private double StatusMegabytes(string field)
    {
        foreach (string line in File.ReadLines($"/proc/{_pid}/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
            {
                string kilobytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
                return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
            }
        }

        return 0;
    }
}

/// <summary>CPU seconds used during the run, peak and present resident memory in MB.</summary>
internal sealed record BrokerUsage(double CpuSeconds, double PeakMegabytes, double ResidentMegabytes);
