using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Partitions;

/// <summary>
/// Tells the controller in which log directory each replica lies (AssignReplicasToDirs, KIP-858), wherever the metadata has it otherwise:
/// after one of several directories was chosen for it, after it was made anew on a disk that was replaced, and where its log failed by itself.
/// Only so can the controller tell what a failed directory takes along.
/// </summary>
internal sealed class ReplicaLocations(
    IControllerChannel controller, ReplicaServices services, PartitionRegistry partitions, Func<long> brokerEpoch) : IDisposable
{
    private const int MostAtOnce = 2000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private bool _isDue;
    private bool _isComparing;

    /// <summary>Compares soon, and tells what differs.</summary>
    public void Compare()
    {
        lock (_gate)
        {
            _isDue = true;
            if (_isComparing || _stopping.IsCancellationRequested)
            {
                return;
            }

            _isComparing = true;
        }

        _ = CompareAsync();
    }

    /// <summary>Compares now, and completes when the controller has answered.</summary>
    public async ValueTask TellAsync(CancellationToken cancellationToken)
    {
        if (brokerEpoch() < 0)
        {
            // Not registered yet; that will be followed by a comparison.
            return;
        }

        var differing = Differing();
        for (var from = 0; from < differing.Count; from += MostAtOnce)
        {
            var some = differing.GetRange(from, Math.Min(MostAtOnce, differing.Count - from));
            ReplicationLog.TellsDirectories(services.Logger, some.Count);
            var answer = await controller.SendAsync<AssignReplicasToDirsResponse>(Request(some), cancellationToken);
            if (answer.ErrorCode != ErrorCode.None)
            {
                ReplicationLog.DirectoriesRefused(services.Logger, answer.ErrorCode);
                return;
            }
        }
    }

    /// <summary>Tells nothing more.</summary>
    public void Dispose() => _stopping.Cancel();

    // It answers for itself. What went wrong comes again with the next comparison, which the broker makes now and then.
    private async Task CompareAsync()
    {
        while (IsDue())
        {
            try
            {
                await Task.Yield();
                await TellAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // This is where every failure of the loop ends.
            catch (Exception e)
#pragma warning restore CA1031
            {
                ReplicationLog.DirectoriesNotTold(services.Logger, e);
            }
        }
    }

    private bool IsDue()
    {
        lock (_gate)
        {
            _isComparing = _isDue && !_stopping.IsCancellationRequested;
            _isDue = false;
            return _isComparing;
        }
    }

    private List<Replica> Differing()
    {
        var image = services.Metadata.Image;
        var differing = new List<Replica>();
        foreach (var partition in partitions.All)
        {
            var index = partition.Name.Partition;
            if (image.TopicById(partition.TopicId) is { } topic && index < topic.Partitions.Count
                && topic.Partitions[index] is { } known && known.Replicas.Contains(services.Self)
                && services.Store.DirectoryOf(partition.Name) is { } actual && actual != known.DirectoryOf(services.Self))
            {
                differing.Add(new Replica(actual, topic.Id, index));
            }
        }

        return differing;
    }

    private AssignReplicasToDirsRequest Request(List<Replica> replicas) => new()
    {
        BrokerId = services.Self,
        BrokerEpoch = brokerEpoch(),
        Directories =
        [
            .. replicas.GroupBy(r => r.Directory).Select(directory => new AssignReplicasToDirsRequest.DirectoryData
            {
                Id = directory.Key,
                Topics =
                [
                    .. directory.GroupBy(r => r.Topic).Select(topic => new AssignReplicasToDirsRequest.TopicData
                    {
                        TopicId = topic.Key,
                        Partitions = [.. topic.Select(r => new AssignReplicasToDirsRequest.PartitionData { PartitionIndex = r.Partition })],
                    }),
                ],
            }),
        ],
    };

    private readonly record struct Replica(Guid Directory, TopicId Topic, int Partition);
}
