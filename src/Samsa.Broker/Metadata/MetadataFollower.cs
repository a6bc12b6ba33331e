using System.Buffers;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Keeps a broker's copy of the metadata log up to date (KIP-595): asks one controller after the other until one is active, fetches from it
/// what is committed, and a whole snapshot (KIP-630) where the log does not go back far enough. One loop, ended by its owner.
/// </summary>
internal sealed class MetadataFollower(MetadataFollowerOptions options)
{
    private const int MaxBytes = 4 << 20;
    private const int LargestSnapshotBytes = 1 << 30;
    private static readonly TimeSpan s_longPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private IPeerChannel? _channel;
    private long _behind;
    private bool _isCaughtUp;

    /// <summary>How many records the controller had committed, when it last answered, that are not here.</summary>
    public long Behind => Interlocked.Read(ref _behind);

    /// <summary>Follows until cancelled, or until the copy cannot go on: then it has told <see cref="MetadataFollowerOptions.Failed"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (!await FollowOnceAsync(cancellationToken))
                {
                    await Task.Delay(s_pause, options.Time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The owner ends it.
        }
        catch (CopyBrokenException broken)
        {
            options.Failed(new IOException(broken.Message, broken));
        }
        finally
        {
            _channel?.Dispose();
        }
    }

    /// <summary>Asks once; false where the next try should wait a little.</summary>
    private async ValueTask<bool> FollowOnceAsync(CancellationToken cancellationToken)
    {
        if (options.Directory.Candidate is not { } address)
        {
            return false;
        }

        if (_channel?.Address != address)
        {
            _channel?.Dispose();
            _channel = options.Peers.Open(address);
        }

        FetchResponse.SnapshotId? snapshot;
        try
        {
            using var answer = await _channel.SendAsync<FetchResponse>(Request(), s_longPoll + options.RequestTimeout, cancellationToken);
            if (Take(answer.Response, address) is not { } partition)
            {
                return false;
            }

            snapshot = partition.SnapshotId;
        }
        catch (IOException)
        {
            options.Directory.Reject(address);
            return false;
        }

        return snapshot is not { EndOffset.Value: >= 0 } || await InstallAsync(_channel, new(snapshot.EndOffset, snapshot.Epoch), cancellationToken);
    }

    /// <summary>Takes what an answer brought; null where somebody else has to be asked.</summary>
    private FetchResponse.PartitionData? Take(FetchResponse response, PeerAddress address)
    {
        if (response.ErrorCode == ErrorCode.InconsistentClusterId)
        {
            throw new CopyBrokenException($"the controller at {address} belongs to another cluster than {options.ClusterId}");
        }

        if (response is not { ErrorCode: ErrorCode.None, Responses: [{ Partitions: [{ } partition] }] })
        {
            options.Directory.Reject(address);
            return null;
        }

        var leader = partition.CurrentLeader ?? new();
        switch (partition.ErrorCode)
        {
            case ErrorCode.None:
                options.Copy.FollowLeader(leader.LeaderId, leader.LeaderEpoch);
                options.Directory.Learn(leader.LeaderId, address);
                Append(partition, leader.LeaderId);
                return partition;
            case ErrorCode.OffsetOutOfRange:
                throw new CopyBrokenException(
                    $"the controller at {address} has less of the metadata than this broker, which is at offset {options.Copy.EndOffset}; "
                    + "if it was lost on purpose, delete the directory __cluster_metadata-0 of this broker");
            default:
                options.Directory.Reject(address);
                if (leader.LeaderId != BrokerId.None)
                {
                    var endpoint = Array.Find(response.NodeEndpoints, e => e.NodeId == leader.LeaderId);
                    options.Directory.Learn(leader.LeaderId, endpoint is null ? null : new PeerAddress(endpoint.Host, endpoint.Port));
                }

                return null;
        }
    }

    private void Append(FetchResponse.PartitionData partition, BrokerId leader)
    {
        if (partition.Records.Length > 0)
        {
            OnCopy(() => options.Copy.Append(partition.Records.Memory));
        }

        var behind = Math.Max(0, partition.HighWatermark - options.Copy.EndOffset);
        Interlocked.Exchange(ref _behind, behind);
        if (behind == 0 && !_isCaughtUp)
        {
            _isCaughtUp = true;
            Log.MetadataCaughtUp(options.Logger, options.Copy.EndOffset, leader);
            options.Copy.CaughtUp();
        }
    }

    private async ValueTask<bool> InstallAsync(IPeerChannel channel, MetadataSnapshotId id, CancellationToken cancellationToken)
    {
        var file = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                using var answer = await channel.SendAsync<FetchSnapshotResponse>(Request(id, file.WrittenCount), options.RequestTimeout, cancellationToken);
                if (answer.Response is not { ErrorCode: ErrorCode.None, Topics: [{ Partitions: [{ ErrorCode: ErrorCode.None } piece] }] }
                    || piece.Size > LargestSnapshotBytes || piece.Position != file.WrittenCount || piece.UnalignedRecords.Length == 0)
                {
                    // It was replaced by a newer one, or the controller by another.
                    return false;
                }

                file.Write(piece.UnalignedRecords.Memory.Span);
                if (file.WrittenCount >= piece.Size)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            options.Directory.Reject(channel.Address);
            return false;
        }

        OnCopy(() => options.Copy.Install(id, file.WrittenMemory));
        return true;
    }

    private FetchRequest Request() => new()
    {
        ClusterId = options.ClusterId,
        ReplicaState = new() { ReplicaId = options.Self },
        MaxWaitMs = (int)s_longPoll.TotalMilliseconds,
        MinBytes = 1,
        MaxBytes = MaxBytes,
        Topics =
        [
            new()
            {
                TopicId = TopicId.ClusterMetadata,
                Partitions =
                [
                    new()
                    {
                        CurrentLeaderEpoch = LeaderEpoch.None,
                        FetchOffset = options.Copy.EndOffset,
                        LastFetchedEpoch = options.Copy.LastEpoch,
                        PartitionMaxBytes = MaxBytes,
                    },
                ],
            },
        ],
    };

    private FetchSnapshotRequest Request(MetadataSnapshotId id, long position) => new()
    {
        ClusterId = options.ClusterId,
        ReplicaId = options.Self,
        MaxBytes = MaxBytes,
        Topics =
        [
            new()
            {
                Name = TopicName.ClusterMetadata,
                Partitions = [new() { SnapshotId = new() { EndOffset = id.End, Epoch = id.Epoch }, Position = position }],
            },
        ],
    };

    private static void OnCopy(Action step)
    {
        try
        {
            step();
        }
        catch (IOException e)
        {
            throw new CopyBrokenException($"the copy of the metadata log failed: {e.Message}", e);
        }
    }

    private sealed class CopyBrokenException(string message, Exception? cause = null) : Exception(message, cause);
}

/// <summary>What following the metadata log takes.</summary>
internal sealed record MetadataFollowerOptions
{
    /// <summary>Where it goes.</summary>
    public required IMetadataCopy Copy { get; init; }

    /// <summary>This broker.</summary>
    public required BrokerId Self { get; init; }

    /// <summary>The cluster's id; a controller of another one is not followed.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Where controllers are.</summary>
    public required ControllerDirectory Directory { get; init; }

    /// <summary>Connections.</summary>
    public required IPeerNetwork Peers { get; init; }

    /// <summary>How long a controller is given for an answer.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>Told once when following ended because the copy cannot go on.</summary>
    public required Action<IOException> Failed { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where log lines go.</summary>
    public required ILogger Logger { get; init; }
}
