namespace Samsa.Simulation;

/// <summary>Waiting on a virtual clock.</summary>
internal static class Wait
{
    /// <summary>Completes after some time.</summary>
    public static async Task For(TimeSpan time, TimeProvider clock)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = clock.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, time, Timeout.InfiniteTimeSpan);
        await over.Task;
    }
}
