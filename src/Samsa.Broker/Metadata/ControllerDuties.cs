using Microsoft.Extensions.Logging;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Has the controller do what it does without being asked, such as fencing brokers that fell silent, for as long as this
/// node is the active one.
/// </summary>
internal sealed class ControllerDuties(MetadataController controller, BrokerCall call, ILogger logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private LeaderEpoch _calledIn = LeaderEpoch.None;

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await controller.RestAsync(controller.IsActive ? await DoWhatIsDueAsync(stopping) : s_look, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (InvariantException broken)
        {
            Invariant.EndProcess(broken);
            throw;
        }
    }

    private async ValueTask<TimeSpan> DoWhatIsDueAsync(CancellationToken stopping)
    {
        try
        {
            if (_calledIn != controller.Epoch)
            {
                _calledIn = controller.Epoch;
                await call.RunAsync(stopping);
            }

            return await controller.DoWhatIsDueAsync(broker => Log.Fenced(logger, broker), stopping);
        }
        catch (NotControllerException)
        {
            return s_pause;
        }
        catch (IOException e)
        {
            Log.CannotDecide(logger, e.Message);
            return s_pause;
        }
    }
}
