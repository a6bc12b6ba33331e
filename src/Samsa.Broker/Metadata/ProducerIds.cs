using Samsa.Broker.Peers;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Hands out producer ids (KIP-98) from blocks that the controller granted. An id is never given twice: what is left
/// of a block is lost with the process.
/// </summary>
internal sealed class ProducerIds(IControllerChannel controller, BrokerId broker, Func<long> brokerEpoch, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
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
                    await RefillAsync(cancellationToken);
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

    private async ValueTask RefillAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(s_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        AllocateProducerIdsResponse block;
        try
        {
            block = await controller.SendAsync<AllocateProducerIdsResponse>(
                new AllocateProducerIdsRequest { BrokerId = broker, BrokerEpoch = brokerEpoch() }, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No controller granted producer ids within {s_patience.TotalSeconds:0} s", e);
        }

        if (block.ErrorCode != ErrorCode.None)
        {
            throw new IOException($"The controller grants no producer ids: {block.ErrorCode}");
        }

        lock (_gate)
        {
            _next = block.ProducerIdStart.Value;
            _end = block.ProducerIdStart.Value + block.ProducerIdLen;
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
