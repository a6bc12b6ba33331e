using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Who leads instead, for answers that say "not here" (KIP-951): the client goes there at once, without asking for metadata.
/// </summary>
internal sealed class LeaderHints
{
    private readonly MetadataImage _image;
    private readonly string _listener;
    private readonly Dictionary<BrokerId, LeaderHint> _named = [];

    private LeaderHints(MetadataImage image, string listener) => (_image, _listener) = (image, listener);

    /// <summary>The brokers that were named, with their addresses.</summary>
    public IEnumerable<LeaderHint> Named => _named.Values;

    /// <summary>Whether an error is of the kind that is told who leads.</summary>
    public static bool IsDue(ErrorCode error) => error is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch;

    /// <summary>Names the leader of a partition; none where it is not known, or cannot be reached on that listener.</summary>
    /// <param name="hints">What was named before in the same answer; made on first use.</param>
    /// <param name="image">The metadata.</param>
    /// <param name="listener">The listener by which the client came.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition's index.</param>
    public static (BrokerId Leader, LeaderEpoch Epoch) Name(
        ref LeaderHints? hints, MetadataImage image, string listener, string topic, int partition)
    {
        hints ??= new LeaderHints(image, listener);
        return hints.Name(topic, partition);
    }

    private (BrokerId Leader, LeaderEpoch Epoch) Name(string topic, int partition)
    {
        if (_image.TopicByName(topic) is not { } known || partition < 0 || partition >= known.Partitions.Count)
        {
            return (BrokerId.None, LeaderEpoch.None);
        }

        var leader = known.Partitions[partition].Leader;
        if (!_named.ContainsKey(leader) && _image.Brokers.TryGetValue(leader, out var broker) && broker.EndpointOf(_listener) is { } endpoint)
        {
            _named[leader] = new LeaderHint(leader, endpoint.Host, endpoint.Port, broker.Rack);
        }

        return _named.ContainsKey(leader) ? (leader, known.Partitions[partition].LeaderEpoch) : (BrokerId.None, LeaderEpoch.None);
    }
}

/// <summary>A broker and where it is.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Host">Its advertised host.</param>
/// <param name="Port">Its advertised port.</param>
/// <param name="Rack">Its rack, if any.</param>
internal sealed record LeaderHint(BrokerId Broker, string Host, int Port, string? Rack);
