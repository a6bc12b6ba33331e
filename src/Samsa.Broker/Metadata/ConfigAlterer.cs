using Samsa.Broker.Configuration;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Changes configuration: for AlterConfigs and IncrementalAlterConfigs. It only writes the change down; what follows from it is done by each
/// broker when it applies the change (<see cref="MetadataPublisher"/>).
/// </summary>
internal sealed class ConfigAlterer(MetadataController controller, CurrentConfig configs)
{
    private readonly ConfigSchema _schema = ConfigSchemas.Of(() => configs.Broker);

    /// <summary>Makes changes, or with <paramref name="validateOnly"/> says what would become of them. Answers come in the order asked.</summary>
    public async ValueTask<ConfigResult[]> AlterAsync(IReadOnlyList<ConfigWish> wishes, bool validateOnly, CancellationToken cancellationToken)
    {
        if (wishes.Count == 0)
        {
            return [];
        }

        try
        {
            return await controller.SubmitAsync(
                (image, _) =>
                {
                    var decision = ConfigAlteration.Decide(image, wishes, _schema);
                    return validateOnly ? new Transition<ConfigResult[], IMetadataRecord>(decision.Response, []) : decision;
                },
                cancellationToken);
        }
        catch (IOException e)
        {
            return [.. wishes.Select(w => new ConfigResult(w.Resource, ErrorCode.KafkaStorageError, e.Message))];
        }
    }
}
