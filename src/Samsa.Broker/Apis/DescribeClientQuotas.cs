using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Quotas;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>DescribeClientQuotas (KIP-546): the quotas of the entities that a filter names.</summary>
[KafkaApi(ApiKey.DescribeClientQuotas)]
internal sealed class DescribeClientQuotas(MetadataState metadata) : IApi<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
{
    /// <inheritdoc/>
    public ValueTask<DescribeClientQuotasResponse?> HandleAsync(
        DescribeClientQuotasRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var filter = new ClientQuotaFilter(
            [.. request.Components.Select(c => new QuotaFilterComponent(c.EntityType, (QuotaMatch)c.MatchType, c.Match))], request.Strict);
        if (filter.Refuse() is { } refused)
        {
            return new(new DescribeClientQuotasResponse { ErrorCode = refused.Error, ErrorMessage = refused.Message, Entries = null });
        }

        return new(new DescribeClientQuotasResponse
        {
            // Kafka says nothing in an empty string, not in a null.
            ErrorMessage = "",
            Entries =
            [
                .. filter.Select(metadata.Image).Select(q => new DescribeClientQuotasResponse.EntryData
                {
                    Entity = [.. q.Key.Parts.Select(p => new DescribeClientQuotasResponse.EntityData { EntityType = p.Type, EntityName = p.Name })],
                    Values = [.. q.Value.Select(v => new DescribeClientQuotasResponse.ValueData { Key = v.Key, Value = v.Value })],
                }),
            ],
        });
    }
}
