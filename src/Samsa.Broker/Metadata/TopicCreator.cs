using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Metadata;

/// <summary>Has the controller create topics that a broker needs on the way: for Metadata, and for its coordinators.</summary>
internal sealed class TopicCreator(IControllerChannel controller, MetadataState metadata, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly IReadOnlyDictionary<string, string?> NoConfigs = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Creates topics; those created are in this broker's image when this completes, or soon after.</summary>
    /// <exception cref="IOException">No controller answered.</exception>
    public async ValueTask<NewTopicResult[]> CreateAsync(IReadOnlyList<NewTopic> topics, CancellationToken cancellationToken)
    {
        var request = new CreateTopicsRequest
        {
            TimeoutMs = (int)s_patience.TotalMilliseconds,
            Topics =
            [
                .. topics.Select(t => new CreateTopicsRequest.CreatableTopic
                {
                    Name = t.Name,
                    NumPartitions = t.Partitions,
                    ReplicationFactor = t.ReplicationFactor,
                    Configs = [.. t.Configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Key, Value = c.Value })],
                }),
            ],
        };
        using var late = new CancellationTokenSource(s_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var response = await controller.SendAsync<CreateTopicsResponse>(request, limit.Token);
            var present = response.Topics.Where(t => t.ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists).Select(t => t.Name).ToArray();
            await metadata.WaitUntilAsync(image => Array.TrueForAll(present, image.Topics.ContainsKey), limit.Token);
            return
            [
                .. response.Topics.Select(t => new NewTopicResult(
                    t.Name, t.ErrorCode, t.ErrorMessage, t.TopicId, t.NumPartitions, t.ReplicationFactor)),
            ];
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No controller created the topics within {s_patience.TotalSeconds:0} s", e);
        }
    }

    /// <summary>Creates, with defaults, those topics that do not exist and whose names are valid.</summary>
    /// <returns>What became of each that was tried.</returns>
    public async ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateMissingAsync(
        MetadataImage image, IEnumerable<string?> names, CancellationToken cancellationToken)
    {
        NewTopic[] missing =
        [
            .. names.OfType<string>()
                .Where(n => !image.Topics.ContainsKey(n) && TopicName.Refuse(n) is null && !TopicName.IsInternal(n))
                .Distinct(StringComparer.Ordinal)
                .Select(n => new NewTopic(n, -1, -1, [], NoConfigs)),
        ];
        var results = new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
        if (missing.Length == 0)
        {
            return results;
        }

        try
        {
            foreach (var result in await CreateAsync(missing, cancellationToken))
            {
                results[result.Name] = result.Error;
            }
        }
        catch (IOException)
        {
            // No controller, or its metadata log is on a full or broken disk: the topics do not exist, and that is the answer.
        }

        return results;
    }
}
