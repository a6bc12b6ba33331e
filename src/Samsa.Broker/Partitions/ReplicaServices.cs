using Microsoft.Extensions.Logging;
using Samsa.Broker.Metadata;
using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Partitions;

/// <summary>What all partitions of a broker stand on.</summary>
internal sealed class ReplicaServices
{
    /// <summary>This broker.</summary>
    public required BrokerId Self { get; init; }

    /// <summary>The logs.</summary>
    public required LogStore Store { get; init; }

    /// <summary>The metadata.</summary>
    public required MetadataState Metadata { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary><c>replica.lag.time.max.ms</c>.</summary>
    public required long MaxLagMs { get; init; }

    /// <summary>Changes of in-sync replicas, on their way to the controller.</summary>
    public required InSyncChanges Changes { get; init; }

    /// <summary>Where it is told.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>What replication did.</summary>
    public ReplicationCounts Counts { get; } = new();

    /// <summary>Milliseconds that never go back.</summary>
    public long NowMs => (long)(Time.GetTimestamp() / (Time.TimestampFrequency / 1000.0));

    /// <summary>Whether a broker may be in sync in the incarnation of that epoch (KIP-841, KIP-903).</summary>
    public bool MayBeInSync(BrokerId broker, long epoch) =>
        Metadata.Image.Brokers.TryGetValue(broker, out var image) && image.IsActive && (epoch < 0 || epoch == image.Epoch);

    /// <summary>Whether a broker is there as far as the controller knows; one that is about to stop is.</summary>
    public bool IsAlive(BrokerId broker) => Metadata.Image.Brokers.TryGetValue(broker, out var image) && !image.Fenced;

    /// <summary>What a leader is told of its topic.</summary>
    public LeaderSettings SettingsOf(LogConfig config) => new(config.MinInSyncReplicas, config.FlushOnAck, MaxLagMs);
}

/// <summary>What replication did since the start.</summary>
internal sealed class ReplicationCounts
{
    private long _shrinks;
    private long _expands;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>How often a partition led here lost a replica in sync.</summary>
    public long Shrinks => Interlocked.Read(ref _shrinks);

    /// <summary>How often one won a replica in sync.</summary>
    public long Expands => Interlocked.Read(ref _expands);

    /// <summary>Bytes fetched from leaders.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes that followers fetched here.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>The replicas in sync became more or fewer.</summary>
    public void InSyncChanged(int before, int after)
    {
        if (after < before)
        {
            Interlocked.Increment(ref _shrinks);
        }
        else if (after > before)
        {
            Interlocked.Increment(ref _expands);
        }
    }

    /// <summary>Records came from a leader.</summary>
    public void Received(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    /// <summary>Records went to a follower.</summary>
    public void Sent(int bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
