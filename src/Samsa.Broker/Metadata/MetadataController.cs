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

    /// <summary>Decides, and makes the decision true.</summary>
    /// <param name="decide">Sees the newest image and the offset where its first record will stand.</param>
    /// <param name="cancellationToken">Ends waiting for the turn; a decision once appended is not taken back.</param>
    /// <exception cref="IOException">The metadata log could not be written; nothing is known to have changed.</exception>
    public async ValueTask<TResponse> SubmitAsync<TResponse>(
        Func<MetadataImage, Offset, Transition<TResponse, IMetadataRecord>> decide, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken);
        try
        {
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
