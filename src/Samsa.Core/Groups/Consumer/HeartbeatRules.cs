using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Consumer;

/// <summary>What a ConsumerGroupHeartbeat must look like, whatever the state of its group.</summary>
internal static class HeartbeatRules
{
    /// <summary>Before it, the broker makes the ids of members (KIP-1082).</summary>
    private const short FirstVersionWithOwnIds = 1;

    /// <summary>Why the request is refused, or null.</summary>
    public static Refusal? Refuse(ConsumerGroupHeartbeatRequest request, short version, GroupSettings settings)
    {
        if (!settings.ConsumerProtocolEnabled)
        {
            return new(ErrorCode.UnsupportedVersion, "The consumer group protocol is disabled: group.coordinator.rebalance.protocols.");
        }

        var problem = FindProblem(request, version);
        return problem is not null ? new(ErrorCode.InvalidRequest, problem)
            : request.ServerAssignor is { } assignor && !settings.ConsumerAssignors.Contains(assignor, StringComparer.Ordinal)
                ? new(ErrorCode.UnsupportedAssignor, $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", settings.ConsumerAssignors)}.")
            : request.SubscribedTopicRegex is { Length: > 0 } regex && TopicRegex.TryParse(regex, out var why) is null
                ? new(ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{regex}` is not a valid regular expression: {why}.")
            : null;
    }

    private static string? FindProblem(ConsumerGroupHeartbeatRequest request, short version)
    {
        var needsId = version >= FirstVersionWithOwnIds || request.MemberEpoch != MemberProgress.JoiningEpoch;
        return request.GroupId.Length == 0 ? "GroupId can't be empty."
            : request.InstanceId is "" ? "InstanceId can't be empty."
            : request.RackId is "" ? "RackId can't be empty."
            : request.MemberEpoch < MemberProgress.AwayEpoch ? "MemberEpoch is invalid."
            : needsId && request.MemberId.Length == 0 ? "MemberId can't be empty."
            : request.MemberEpoch == MemberProgress.AwayEpoch && request.InstanceId is null ? "InstanceId can't be null."
            : request.MemberEpoch != MemberProgress.JoiningEpoch ? null
            : request.RebalanceTimeoutMs == -1 ? "RebalanceTimeoutMs must be provided in first request."
            : request.TopicPartitions is not { Length: 0 } ? "TopicPartitions must be empty when (re-)joining."
            : request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null
                ? "Either SubscribedTopicNames or SubscribedTopicRegex must be set in first request."
            : null;
    }
}
