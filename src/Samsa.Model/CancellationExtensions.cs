namespace Samsa.Model;

/// <summary>Cancelling without leaving the scheduler.</summary>
public static class CancellationExtensions
{
    /// <summary>
    /// Cancels here and now; what waited goes on where its scheduler says. <c>CancelAsync</c> would cancel, and go on, in the thread
    /// pool, out of the simulator's sight.
    /// </summary>
    public static void CancelNow(this CancellationTokenSource source) => source.Cancel();
}
