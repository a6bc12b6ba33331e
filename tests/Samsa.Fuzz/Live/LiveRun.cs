using System.Net;

namespace Samsa.Fuzz.Live;

/// <summary>
/// Feeds a running broker with whole, damaged and invented frames over several connections at once. It must go on answering whoever
/// behaves, every second and in the end, and whatever it answers must be readable.
/// </summary>
internal static class LiveRun
{
    private const int Attackers = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs; 0 where the broker came out of it well.</summary>
    public static async Task<int> RunAsync(IPEndPoint broker, int seconds, int seed, Corpus corpus)
    {
        Console.WriteLine($"live {broker}: seed {seed}, {seconds} s, {corpus.Requests.Count} inputs");
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var good = new Witness(broker, s_patience);
        var attackers = Enumerable.Range(0, Attackers).Select(i => new Attacker(broker, corpus, seed + i)).ToArray();
        var attacks = attackers.Select(a => Task.Run(() => a.Run(time.Token))).ToArray();
        var failure = await WatchAsync(good, attacks, time.Token);
        await time.CancelAsync();
        await Task.WhenAll(attacks);
        failure ??= Array.Find(attackers, a => a.Finding is not null)?.Finding ?? good.CheckUntilWell(c => c.ProduceAndFetch(seed));
        Console.WriteLine($"live: {attackers.Sum(a => a.Connections)} connections, {attackers.Sum(a => a.Frames)} frames, {attackers.Sum(a => a.Answers)} answers");
        if (failure is null)
        {
            return 0;
        }

        Console.WriteLine($"live failed (seed {seed}): {failure}");
        return 1;
    }

    private static async Task<string?> WatchAsync(Witness good, Task[] attacks, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                if (good.CheckUntilWell(static c => c.AskVersions()) is { } failure)
                {
                    return failure;
                }

                if (Array.TrueForAll(attacks, a => a.IsCompleted))
                {
                    return null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }

        return null;
    }
}
