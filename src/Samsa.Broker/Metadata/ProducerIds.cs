using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Hands out producer ids (KIP-98) from blocks that the metadata log granted. An id is never given twice: what is left
/// of a block is lost with the process.
/// </summary>
internal sealed class ProducerIds(MetadataController controller, BrokerId broker, Func<long> brokerEpoch)
{
    private readonly Turns _refill = new(1);
    private readonly Lock _gate = new();
    private long _next;
    private long _end;

    /// <summary>The next id.</summary>
    /// <exception cref="IOException">No new block could be had.</exception>
    public async ValueTask<ProducerId> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var id))
            {
                return id;
            }

            await _refill.EnterAsync(cancellationToken);
            try
            {
                if (!TryTake(out id))
                {
                    var first = await controller.SubmitAsync(
                        (image, _) => ClusterController.AllocateProducerIds(image, broker, brokerEpoch()), cancellationToken);
                    lock (_gate)
                    {
                        _next = first.Value;
                        _end = first.Value + ClusterController.ProducerIdBlock;
                    }

                    continue;
                }

                return id;
            }
            finally
            {
                _refill.Leave();
            }
        }
    }

    private bool TryTake(out ProducerId id)
    {
        lock (_gate)
        {
            id = new ProducerId(_next);
            if (_next >= _end)
            {
                return false;
            }

            _next++;
            return true;
        }
    }
}
