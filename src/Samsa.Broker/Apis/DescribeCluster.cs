using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>DescribeCluster (KIP-700, KIP-919, KIP-1073): the cluster's id, controller and brokers.</summary>
[KafkaApi(ApiKey.DescribeCluster)]
internal sealed class DescribeCluster(ClusterView cluster) : IApi<DescribeClusterRequest, DescribeClusterResponse>
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    /// <inheritdoc/>
    public ValueTask<DescribeClusterResponse?> HandleAsync(DescribeClusterRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.EndpointType != Brokers)
        {
            return new(request.EndpointType == Controllers
                ? Refuse(ErrorCode.MismatchedEndpointType, "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER")
                : Refuse(ErrorCode.UnsupportedEndpointType, $"Unsupported endpoint type {request.EndpointType}"));
        }

        return new(new DescribeClusterResponse
        {
            ClusterId = cluster.ClusterId,
            ControllerId = cluster.ControllerId,
            EndpointType = Brokers,
            Brokers =
            [
                .. cluster.BrokersOn(context.Connection.ListenerName, request.IncludeFencedBrokers).Select(b => new DescribeClusterResponse.DescribeClusterBroker
                {
                    BrokerId = b.Broker.Id, Host = b.Endpoint.Host, Port = b.Endpoint.Port, Rack = b.Broker.Rack, IsFenced = b.Broker.Fenced,
                }),
            ],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAsked,
        });
    }

    private static DescribeClusterResponse Refuse(ErrorCode error, string message) => new()
    {
        ErrorCode = error, ErrorMessage = message, EndpointType = Brokers, ControllerId = BrokerId.None,
    };
}
