using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Core.Groups;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;

namespace Samsa.Broker.Coordinators;

/// <summary>The groups this broker coordinates: those whose partition of <c>__consumer_offsets</c> it leads.</summary>
internal sealed class GroupCoordinator : IPartitionObserver, IDisposable
{
    private readonly ConcurrentDictionary<int, GroupShardHost> _hosts = new();
    private readonly MetadataState _metadata;
    private readonly CurrentConfig _config;
    private readonly TopicCreator _topics;
    private readonly TimeProvider _time;
    private readonly GroupShardLoader _loader;
    private readonly GroupTally _tally = new();
    private readonly ILogger _logger;
    private readonly long _startedMs;
    private readonly long _startedAt;

    public GroupCoordinator(MetadataState metadata, CurrentConfig config, TopicCreator topics, IRandomSource random, TimeProvider time, ILogger logger)
    {
        (_metadata, _config, _topics, _time, _logger) = (metadata, config, topics, time, logger);
        _startedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        _startedAt = time.GetTimestamp();
        var settings = new GroupSettingsSource(config);
        var (names, ids) = (new ClusterTopics(metadata), new RandomGroupIds(random));
        _loader = new GroupShardLoader(() => new GroupShard(() => settings.Current, names, ids), time, logger);
    }

    /// <summary>The shards that are here.</summary>
    public IEnumerable<GroupShardHost> Hosts => _hosts.Values;

    /// <summary>Sums the groups up.</summary>
    public GroupReading Read() => _tally.Read(_hosts.Values);

    /// <summary>Serves a request that concerns one group.</summary>
    public async ValueTask<TResponse?> SubmitAsync<TResponse>(string groupId, IRequest request, RequestContext context)
        where TResponse : class, IResponse =>
        _hosts.TryGetValue(PartitionOf(groupId), out var host)
            ? (TResponse)await SubmitAsync(host, request, context)
            : (TResponse)GroupFailures.Answer(request, context.ApiVersion, ErrorCode.NotCoordinator);

    /// <summary>Serves a request that concerns a whole shard.</summary>
    public static ValueTask<IResponse> SubmitAsync(GroupShardHost host, IRequest request, RequestContext context) =>
        host.SubmitAsync(request, context.ApiVersion, context.ClientId, HostOf(context));

    /// <summary>Serves a request that concerns several groups: one request for each shard among them, all at once.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="request">Makes the request for some of them.</param>
    /// <param name="context">Who asks.</param>
    public async ValueTask<IReadOnlyList<TResponse>> SubmitAllAsync<TResponse>(
        IEnumerable<string> groups, Func<IReadOnlyList<string>, IRequest> request, RequestContext context)
        where TResponse : class, IResponse
    {
        var pending = groups
            .GroupBy(PartitionOf)
            .Select(part => SubmitAsync<TResponse>(part.First(), request([.. part]), context).AsTask())
            .ToArray();
        return [.. (await Task.WhenAll(pending)).OfType<TResponse>()];
    }

    /// <summary>The partition of <c>__consumer_offsets</c> that holds a group: Java's hash of the id, without its sign.</summary>
    public int PartitionOf(string groupId)
    {
        var hash = 0;
        foreach (var c in groupId)
        {
            hash = unchecked((31 * hash) + c);
        }

        return (hash & int.MaxValue) % PartitionCount;
    }

    /// <summary>Makes the offsets topic where it is missing.</summary>
    /// <returns>It, or null where it could not be made.</returns>
    public async ValueTask<TopicImage?> EnsureOffsetsTopicAsync(CancellationToken cancellationToken)
    {
        if (_metadata.Image.TopicByName(TopicName.ConsumerOffsets) is { } topic)
        {
            return topic;
        }

        var config = _config.Broker;
        var factor = Math.Min(config.Get(GroupConfigs.OffsetsTopicReplicationFactor), (short)_metadata.Image.Brokers.Count);
        var wish = new NewTopic(
            TopicName.ConsumerOffsets,
            config.Get(GroupConfigs.OffsetsTopicNumPartitions),
            factor,
            [],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["cleanup.policy"] = "compact",
                ["compression.type"] = "producer",
                ["segment.bytes"] = config.Get(GroupConfigs.OffsetsTopicSegmentBytes).ToString(System.Globalization.CultureInfo.InvariantCulture),
            });
        try
        {
            var made = (await _topics.CreateAsync([wish], cancellationToken))[0];
            if (made.Error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            {
                CoordinatorLog.NoOffsetsTopic(_logger, made.Message ?? made.Error.ToString());
            }
        }
        catch (IOException e)
        {
            CoordinatorLog.NoOffsetsTopic(_logger, e.Message);
        }

        return _metadata.Image.TopicByName(TopicName.ConsumerOffsets);
    }

    /// <inheritdoc/>
    public void OnLed(Partition partition)
    {
        if (partition.Name.Topic != TopicName.ConsumerOffsets)
        {
            return;
        }

        // In a new epoch too what was not committed may be gone from the log: it is read again.
        if (_hosts.TryGetValue(partition.Name.Partition, out var present))
        {
            present.Dispose();
        }

        var commitTimeout = TimeSpan.FromMilliseconds(_config.Broker.Get(GroupConfigs.OffsetsCommitTimeoutMs));
        var host = new GroupShardHost(partition, _loader, commitTimeout, _time, Now, _tally, _logger);
        _hosts[partition.Name.Partition] = host;
        _ = host.LoadAsync();
    }

    /// <inheritdoc/>
    public void OnResigned(Partition partition)
    {
        if (partition.Name.Topic == TopicName.ConsumerOffsets && _hosts.TryRemove(partition.Name.Partition, out var host))
        {
            host.Dispose();
        }
    }

    /// <inheritdoc/>
    public void OnTopicDeleted(string name)
    {
        foreach (var host in _hosts.Values)
        {
            host.OnTopicsDeleted([name]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    private int PartitionCount =>
        _metadata.Image.TopicByName(TopicName.ConsumerOffsets)?.Partitions.Count ?? _config.Broker.Get(GroupConfigs.OffsetsTopicNumPartitions);

    private static string HostOf(RequestContext context) =>
        "/" + (context.Connection.RemoteEndPoint is IPEndPoint ip ? ip.Address.ToString() : context.Connection.RemoteEndPoint.ToString());

    // The wall clock at the start, and from there on time that never jumps: sessions must not end because somebody set the clock.
    private long Now() => _startedMs + (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;
}
