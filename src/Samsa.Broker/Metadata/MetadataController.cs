using Samsa.Broker.Pipeline;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Runs one decision about the cluster at a time: decide on the newest image, append what was decided, answer when it
/// is committed and applied.
/// </summary>
internal sealed class MetadataController(MetadataState state, IMetadataLog log)
{
    private readonly Turns _turn = new(1);

    /// <summary>Whether this node decides: whether it is the active controller.</summary>
    public bool IsActive => log.IsLeader;

    /// <summary>The epoch of the active controller; a new one means that another took over, be it the same node.</summary>
    public LeaderEpoch Epoch => log.Epoch;

    /// <summary>Decides, and makes the decision true.</summary>
    /// <param name="decide">Sees the newest image and the offset where its first record will stand.</param>
    /// <param name="cancellationToken">Ends waiting for the turn; a decision once appended is not taken back.</param>
    /// <exception cref="NotControllerException">
    /// This node is not the active controller, or ceased to be. Not for handlers: the pipeline sends the request to the one that is.
    /// </exception>
    /// <exception cref="IOException">The metadata log could not be written; nothing is known to have changed.</exception>
    public async ValueTask<TResponse> SubmitAsync<TResponse>(
        Func<MetadataImage, Offset, Transition<TResponse, IMetadataRecord>> decide, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken);
        try
        {
            if (!log.IsLeader)
            {
                throw new NotControllerException();
            }

            var decision = decide(state.Image, log.EndOffset);
            if (decision.Records.Count > 0)
            {
                await log.AppendAsync(decision.Records, cancellationToken);
            }

            return decision.Response;
        }
        finally
        {
            _turn.Leave();
        }
    }
}
