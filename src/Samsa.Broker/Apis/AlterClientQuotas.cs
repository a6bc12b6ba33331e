using System.Net;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core;
using Samsa.Core.Quotas;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Apis;

/// <summary>
/// AlterClientQuotas (KIP-546): sets and removes quotas of users, client ids and addresses. They hold from the moment the answer leaves.
/// Otherwise than in Kafka an <c>ip</c> must be an address: host names are not looked up.
/// </summary>
[KafkaApi(ApiKey.AlterClientQuotas)]
internal sealed class AlterClientQuotas(MetadataController controller) : IApi<AlterClientQuotasRequest, AlterClientQuotasResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AlterClientQuotasResponse?> HandleAsync(AlterClientQuotasRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        QuotaWish[] wishes = [.. request.Entries.Select(Wish)];
        QuotaResult[] results;
        try
        {
            results = await controller.SubmitAsync(
                (image, _) =>
                {
                    var decision = ClientQuotaAlteration.Decide(image, wishes, static text => IPAddress.TryParse(text, out var _));
                    return request.ValidateOnly ? new Transition<QuotaResult[], IMetadataRecord>(decision.Response, []) : decision;
                },
                cancellationToken);
        }
        catch (IOException e)
        {
            results = [.. wishes.Select(w => new QuotaResult(w.Parts, default, ErrorCode.KafkaStorageError, e.Message))];
        }

        return new AlterClientQuotasResponse
        {
            Entries =
            [
                .. results.Select(r => new AlterClientQuotasResponse.EntryData
                {
                    ErrorCode = r.Error,
                    ErrorMessage = r.Message,
                    Entity =
                    [
                        .. (r.Error == ErrorCode.None ? r.Entity.Parts : r.Parts).Select(
                            p => new AlterClientQuotasResponse.EntityData { EntityType = p.Type, EntityName = p.Name }),
                    ],
                }),
            ],
        };
    }

    private static QuotaWish Wish(AlterClientQuotasRequest.EntryData entry) => new(
        [.. entry.Entity.Select(e => new QuotaEntityPart(e.EntityType, e.EntityName))],
        [.. entry.Ops.Select(o => new KeyValuePair<string, double?>(o.Key, o.Remove ? null : o.Value))]);
}
