using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>Creates topics: for CreateTopics, and on the way for Metadata.</summary>
internal sealed class TopicCreator(MetadataController controller, TopicCreationRules rules)
{
    private static readonly IReadOnlyDictionary<string, string?> NoConfigs = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Creates topics, or with <paramref name="validateOnly"/> says what would become of them (KIP-4).</summary>
    public ValueTask<NewTopicResult[]> CreateAsync(IReadOnlyList<NewTopic> topics, bool validateOnly, CancellationToken cancellationToken) =>
        controller.SubmitAsync(
            (image, _) =>
            {
                var decision = TopicCreation.Decide(image, topics, rules);
                return validateOnly ? new(decision.Response, []) : decision;
            },
            cancellationToken);

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
            foreach (var result in await CreateAsync(missing, validateOnly: false, cancellationToken))
            {
                results[result.Name] = result.Error;
            }
        }
        catch (IOException)
        {
            // The metadata log is on a full or broken disk: the topics do not exist, and that is the answer.
        }

        return results;
    }
}
