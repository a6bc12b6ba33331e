using Samsa.Core.Metadata;

namespace Samsa.Broker.Metadata;

/// <summary>Creates topics, on the active controller.</summary>
internal sealed class TopicDecisions(MetadataController controller, TopicCreationRules rules)
{
    /// <summary>Creates topics, or with <paramref name="validateOnly"/> says what would become of them (KIP-4).</summary>
    public ValueTask<NewTopicResult[]> CreateAsync(IReadOnlyList<NewTopic> topics, bool validateOnly, CancellationToken cancellationToken) =>
        controller.SubmitAsync(
            (image, _) =>
            {
                var decision = TopicCreation.Decide(image, topics, rules);
                return validateOnly ? new(decision.Response, []) : decision;
            },
            cancellationToken);
}
