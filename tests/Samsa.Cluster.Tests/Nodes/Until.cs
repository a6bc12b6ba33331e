using System.Diagnostics;

namespace Samsa.Cluster.Tests.Nodes;

/// <summary>Waits for conditions, each with a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns how long it took until the condition held.</summary>
    /// <param name="condition">Asked again and again; it may fail with an exception as long as the cluster is not up to it.</param>
    /// <param name="within">The deadline.</param>
    /// <param name="what">What is waited for, in the words of the failure.</param>
    /// <exception cref="TimeoutException">It did not hold in time; the message has the last failure.</exception>
    public static async Task<TimeSpan> HoldsAsync(Func<bool> condition, TimeSpan within, Func<string> what)
    {
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pace);
        Exception? last = null;
        do
        {
            try
            {
                if (condition())
                {
                    return Stopwatch.GetElapsedTime(start);
                }

                last = null;
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException)
            {
                last = e;
            }
        }
        while (Stopwatch.GetElapsedTime(start) < within && await timer.WaitForNextTickAsync());

        throw new TimeoutException($"not within {within.TotalSeconds:F0} s: {what()}{(last is null ? "" : $" ({last.GetType().Name}: {last.Message})")}");
    }

    /// <summary>Lets time pass: a fault lasts, a load runs.</summary>
    public static async Task PassesAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(time);
            await timer.WaitForNextTickAsync();
        }
    }
}
