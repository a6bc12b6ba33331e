using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Metadata;

/// <summary>What a controller has for the brokers that follow its metadata log, and what it knows of them.</summary>
internal sealed class MetadataFollowing(
    string clusterId, MetadataController controller, IMetadataLog log, IMetadataReader reader, MetadataState state, ControllerDirectory directory, TimeProvider time)
{
    private readonly ConcurrentDictionary<BrokerId, Observer> _observers = new();

    /// <summary>The cluster's id.</summary>
    public string ClusterId => clusterId;

    /// <summary>Says whether this is the active controller.</summary>
    public MetadataController Controller => controller;

    /// <summary>The log; says who leads it.</summary>
    public IMetadataLog Log => log;

    /// <summary>What is committed of it.</summary>
    public IMetadataReader Reader => reader;

    /// <summary>Those who follow, as far as they asked this controller.</summary>
    public IEnumerable<KeyValuePair<BrokerId, Observer>> Observers => _observers;

    /// <summary>Where controllers listen.</summary>
    public IEnumerable<FetchResponse.NodeEndpoint> Endpoints() =>
        directory.Voters.Select(v => new FetchResponse.NodeEndpoint { NodeId = v.Key, Host = v.Value.Host, Port = v.Value.Port });

    /// <summary>A broker has everything before an offset.</summary>
    public void Observed(BrokerId broker, Offset end)
    {
        if (broker != BrokerId.None)
        {
            var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            var isCaughtUp = end >= reader.CommittedEnd;
            _observers.AddOrUpdate(
                broker,
                static (_, seen) => new Observer(seen.end, seen.nowMs, seen.isCaughtUp ? seen.nowMs : -1),
                static (_, known, seen) => new Observer(seen.end, seen.nowMs, seen.isCaughtUp ? seen.nowMs : known.LastCaughtUpMs),
                (end, nowMs, isCaughtUp));
        }
    }

    /// <summary>Waits until there is something at an offset, or for so long.</summary>
    public async ValueTask WaitBeyondAsync(Offset from, TimeSpan most, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(most, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await state.WaitUntilAsync(image => image.AppliedOffset >= from, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing happened in the meantime, which is an answer too.
        }
    }
}

/// <summary>A broker that follows the metadata log.</summary>
/// <param name="End">The offset after the last record it is known to have.</param>
/// <param name="LastFetchMs">When it last asked, ms since the epoch.</param>
/// <param name="LastCaughtUpMs">When it last had everything; -1 for never.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Observer(Offset End, long LastFetchMs, long LastCaughtUpMs);
