using System.Runtime.InteropServices;

namespace Samsa.Cli.Serving;

/// <summary>
/// SIGTERM, SIGINT and SIGHUP: the first asks for a clean shutdown, a later one ends the process at once. One that comes along with the
/// first is no other: a terminal signals a whole group of processes, and their parent may pass it on.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan s_sameSignal = TimeSpan.FromMilliseconds(500);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private long _firstAt;
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();

    public StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    /// <summary>Completes with the first signal's name.</summary>
    public Task<string> First => _first.Task;

    /// <summary>Cancelled by the first signal, so that a start under way gives up.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stopping.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_first.TrySetResult(context.Signal.ToString()))
            {
                _firstAt = TimeProvider.System.GetTimestamp();
                _stopping.Cancel();
                return;
            }

            if (TimeProvider.System.GetElapsedTime(_firstAt) < s_sameSignal)
            {
                return;
            }
        }

        // No shutdown hooks either: whoever signals twice wants the process gone, and recovery copes.
        Console.Error.WriteLine($"Samsa ends at once: second {context.Signal}, the next start will recover");
        Environment.Exit(ExitCode.Interrupted);
    }
}
