using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>Answers to requests for the controller that nobody has served: every API has another place for the error.</summary>
internal static class ErrorAnswers
{
    /// <summary>An answer that says the same error of all that was asked for.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="version">In which version.</param>
    /// <param name="error">The error.</param>
    /// <param name="message">What to say where there is room; null for nothing.</param>
    /// <returns>The answer; null where the API has no place for an error, and the connection has to be closed.</returns>
    public static IResponse? Of(IRequest request, short version, ErrorCode error, string? message) => request switch
    {
        BrokerRegistrationRequest => new BrokerRegistrationResponse { ErrorCode = error },
        BrokerHeartbeatRequest => new BrokerHeartbeatResponse { ErrorCode = error },
        AlterPartitionRequest => new AlterPartitionResponse { ErrorCode = error },
        AllocateProducerIdsRequest => new AllocateProducerIdsResponse { ErrorCode = error },
        AssignReplicasToDirsRequest => new AssignReplicasToDirsResponse { ErrorCode = error },
        EnvelopeRequest => new EnvelopeResponse { ErrorCode = error },
        UnregisterBrokerRequest => new UnregisterBrokerResponse { ErrorCode = error, ErrorMessage = message },
        AlterPartitionReassignmentsRequest => new AlterPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = message },
        ListPartitionReassignmentsRequest => new ListPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = message },
        UpdateFeaturesRequest => new UpdateFeaturesResponse { ErrorCode = error, ErrorMessage = message },
        DescribeQuorumRequest => new DescribeQuorumResponse { ErrorCode = error, ErrorMessage = message },
        ElectLeadersRequest elect => Of(elect, version, error, message),
        CreateTopicsRequest create => new CreateTopicsResponse
        {
            Topics = Array.ConvertAll(create.Topics, t => new CreateTopicsResponse.CreatableTopicResult { Name = t.Name, ErrorCode = error, ErrorMessage = message }),
        },
        DeleteTopicsRequest delete => new DeleteTopicsResponse
        {
            Responses =
            [
                .. delete.TopicNames.Select(name => new DeleteTopicsResponse.DeletableTopicResult { Name = name, ErrorCode = error, ErrorMessage = message }),
                .. delete.Topics.Select(t => new DeleteTopicsResponse.DeletableTopicResult { Name = t.Name, TopicId = t.TopicId, ErrorCode = error, ErrorMessage = message }),
            ],
        },
        CreatePartitionsRequest create => new CreatePartitionsResponse
        {
            Results = Array.ConvertAll(create.Topics, t => new CreatePartitionsResponse.CreatePartitionsTopicResult { Name = t.Name, ErrorCode = error, ErrorMessage = message }),
        },
        AlterConfigsRequest alter => new AlterConfigsResponse
        {
            Responses = Array.ConvertAll(alter.Resources, r => new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = r.ResourceType, ResourceName = r.ResourceName, ErrorCode = error, ErrorMessage = message,
            }),
        },
        IncrementalAlterConfigsRequest alter => new IncrementalAlterConfigsResponse
        {
            Responses = Array.ConvertAll(alter.Resources, r => new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = r.ResourceType, ResourceName = r.ResourceName, ErrorCode = error, ErrorMessage = message,
            }),
        },
        AlterClientQuotasRequest alter => new AlterClientQuotasResponse
        {
            Entries = Array.ConvertAll(alter.Entries, e => new AlterClientQuotasResponse.EntryData
            {
                ErrorCode = error,
                ErrorMessage = message,
                Entity = Array.ConvertAll(e.Entity, n => new AlterClientQuotasResponse.EntityData { EntityType = n.EntityType, EntityName = n.EntityName }),
            }),
        },
        _ => null,
    };

    // Version 0 has no error for the whole request.
    private static ElectLeadersResponse Of(ElectLeadersRequest request, short version, ErrorCode error, string? message) => new()
    {
        ErrorCode = version == 0 ? ErrorCode.None : error,
        ReplicaElectionResults = Array.ConvertAll(request.TopicPartitions ?? [], t => new ElectLeadersResponse.ReplicaElectionResult
        {
            Topic = t.Topic,
            PartitionResult = Array.ConvertAll(t.Partitions, p => new ElectLeadersResponse.PartitionResult { PartitionId = p, ErrorCode = error, ErrorMessage = message }),
        }),
    };
}
