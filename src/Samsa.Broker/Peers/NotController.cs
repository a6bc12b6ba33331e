using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Peers;

/// <summary>NOT_CONTROLLER in the answers of requests that go to a controller directly: how a controller that is not active says so.</summary>
internal static class NotController
{
    private const string Message = "This is not the correct controller for this cluster.";

    /// <summary>Whether an answer means that another controller has to be asked.</summary>
    public static bool IsRefusal(IResponse response) => ErrorOf(response) == ErrorCode.NotController;

    /// <summary>The answer of a controller that is not active; null where the API has no place for it, and the connection has to be closed.</summary>
    public static IResponse? Refusal(IRequest request, short version) => ErrorAnswers.Of(request, version, ErrorCode.NotController, Message);

    private static ErrorCode ErrorOf(IResponse response) => response switch
    {
        BrokerRegistrationResponse r => r.ErrorCode,
        BrokerHeartbeatResponse r => r.ErrorCode,
        AlterPartitionResponse r => r.ErrorCode,
        AllocateProducerIdsResponse r => r.ErrorCode,
        AssignReplicasToDirsResponse r => r.ErrorCode,
        EnvelopeResponse r => r.ErrorCode,
        UnregisterBrokerResponse r => r.ErrorCode,
        ElectLeadersResponse r => r.ErrorCode,
        AlterPartitionReassignmentsResponse r => r.ErrorCode,
        ListPartitionReassignmentsResponse r => r.ErrorCode,
        UpdateFeaturesResponse r => r.ErrorCode,
        DescribeQuorumResponse r => r.ErrorCode,
        CreateTopicsResponse { Topics.Length: > 0 } r => r.Topics[0].ErrorCode,
        _ => ErrorCode.None,
    };
}
