using Microsoft.Extensions.Logging;
using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Partitions;

/// <summary>
/// Takes the wishes of partitions led here, which replicas shall be in sync, to the controller (AlterPartition, KIP-497):
/// one request at a time, with all that has gathered meanwhile.
/// </summary>
internal sealed class InSyncChanges(IControllerChannel controller, BrokerId self, Func<long> brokerEpoch, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Dictionary<Partition, InSyncProposal> _waiting = [];
    private bool _isSending;

    /// <summary>Sends a proposal soon. Of several for one partition the last one counts.</summary>
    public void Propose(Partition partition, InSyncProposal proposal)
    {
        lock (_gate)
        {
            _waiting[partition] = proposal;
            if (_isSending || _stopping.IsCancellationRequested)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>Sends nothing more.</summary>
    public void Dispose() => _stopping.Cancel();

    // It answers for itself: whatever goes wrong is told, and tried again, until nothing waits or the broker stops.
    private async Task SendAsync()
    {
        while (TryTake(out var batch))
        {
            try
            {
                // Whoever proposes holds no lock, but has an answer of his own to give; and others may propose meanwhile.
                await Task.Yield();
                var answer = await controller.SendAsync<AlterPartitionResponse>(Request(batch), _stopping.Token);
                if (Tell(batch, answer))
                {
                    await Task.Delay(s_pause, time, _stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // This is where every failure of the loop ends.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ReplicationLog.InSyncChangeFailed(logger, e, batch.Count);
                Tell(batch, new AlterPartitionResponse { ErrorCode = ErrorCode.UnknownServerError });
                await Task.Delay(s_pauseAfterFailure, time, _stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private bool TryTake(out Dictionary<Partition, InSyncProposal> batch)
    {
        lock (_gate)
        {
            batch = _waiting;
            _waiting = [];
            return _isSending = batch.Count > 0 && !_stopping.IsCancellationRequested;
        }
    }

    private AlterPartitionRequest Request(Dictionary<Partition, InSyncProposal> batch) => new()
    {
        BrokerId = self,
        BrokerEpoch = brokerEpoch(),
        Topics =
        [
            .. batch.GroupBy(p => p.Key.TopicId).Select(topic => new AlterPartitionRequest.TopicData
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(p => Ask(p.Key, p.Value))],
            }),
        ],
    };

    private AlterPartitionRequest.PartitionData Ask(Partition partition, InSyncProposal proposal) => new()
    {
        PartitionIndex = partition.Name.Partition,
        LeaderEpoch = proposal.LeaderEpoch,
        PartitionEpoch = proposal.PartitionEpoch,
        LeaderRecoveryState = (sbyte)LeaderRecoveryState.Recovered,
        NewIsrWithEpochs =
        [
            .. proposal.InSync.Select(r => new AlterPartitionRequest.BrokerState
            {
                BrokerId = r.Broker, BrokerEpoch = r.Broker == self ? brokerEpoch() : r.BrokerEpoch,
            }),
        ],
    };

    // True where something must be sent again.
    private bool Tell(Dictionary<Partition, InSyncProposal> batch, AlterPartitionResponse response)
    {
        var again = false;
        foreach (var (partition, proposal) in batch)
        {
            var answer = AnswerFor(response, partition);
            if (answer.Error != ErrorCode.None)
            {
                ReplicationLog.InSyncChangeRefused(logger, partition.Name, string.Join(',', proposal.InSync.Select(r => r.Broker)), answer.Error);
            }

            if (partition.OnInSyncAnswer(proposal, answer) is { } repeated)
            {
                again = true;
                lock (_gate)
                {
                    _waiting.TryAdd(partition, repeated);
                }
            }
        }

        return again;
    }

    private static InSyncAnswer AnswerFor(AlterPartitionResponse response, Partition partition)
    {
        var found = response.ErrorCode != ErrorCode.None ? null : response.Topics
            .FirstOrDefault(t => t.TopicId == partition.TopicId)?.Partitions
            .FirstOrDefault(p => p.PartitionIndex == partition.Name.Partition);
        return found is null
            ? new InSyncAnswer(response.ErrorCode == ErrorCode.None ? ErrorCode.UnknownServerError : response.ErrorCode, LeaderEpoch.None, -1, [])
            : new InSyncAnswer(found.ErrorCode, found.LeaderEpoch, found.PartitionEpoch, found.Isr);
    }
}
