using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// Runs named long-lived loops and answers for them: one that fails is reported and begun again, and stopping waits
/// for all of them. No task is ever left to itself.
/// </summary>
internal sealed class BackgroundLoops(TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long a failed loop rests before it begins again.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    /// <summary>Starts a loop that does its work once per interval, the first time after one interval.</summary>
    /// <param name="name">What the log calls it.</param>
    /// <param name="interval">The time between two runs.</param>
    /// <param name="work">The work; blocks a pool thread while it runs.</param>
    public void StartPeriodic(string name, TimeSpan interval, Action work) => Start(name, async stopping =>
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            work();
        }
    });

    /// <summary>Starts a loop that itself decides when to come back.</summary>
    /// <param name="name">What the log calls it.</param>
    /// <param name="loop">Runs until the token is cancelled.</param>
    public void Start(string name, Func<CancellationToken, Task> loop) =>
        _running.Add(SuperviseAsync(name, loop));

    /// <summary>Stops all loops and waits until the last has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelNow();
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task SuperviseAsync(string name, Func<CancellationToken, Task> loop)
    {
        // Off the caller's stack: whoever starts a loop does not run its first round.
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await loop(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The supervisor is where every failure of a loop ends.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogDirEvents.LoopFailed(logger, failure, name, s_rest.TotalSeconds);
                await Task.Delay(s_rest, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }
}
