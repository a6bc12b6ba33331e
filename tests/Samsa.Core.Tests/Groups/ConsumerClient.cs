using System.Globalization;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

/// <summary>
/// A consumer of the new protocol (KIP-848) as a small state machine: each <see cref="Step"/> is a heartbeat, and what it is told
/// to give up or to take it does one step later.
/// </summary>
internal sealed class ConsumerClient(GroupHarness harness, string? instanceId = null) : IGroupClient
{
    private const int RebalanceTimeoutMs = 30_000;
    private static int s_ids;
    private readonly HashSet<(TopicId Topic, int Partition)> _owned = [];
    private HashSet<(TopicId Topic, int Partition)>? _assigned;
    private bool _isFull = true;
    private bool _ownedChanged;
    private bool _losesNext;

    public string MemberId { get; private set; } = NewId();

    public int Epoch { get; private set; }

    public ErrorCode LastError { get; private set; }

    public int HeartbeatIntervalMs { get; private set; }

    public string[]? Topics { get; set; } = ["t"];

    public string? Regex { get; set; }

    public string? Assignor { get; set; }

    public IEnumerable<(TopicId Topic, int Partition)> Owned => _owned;

    /// <summary>
    /// Whether the coordinator may take for given up what this client is about to take: a client that says what it owns while
    /// an assignment is not taken yet says nothing of that one, and cannot know what became of it if the answer is lost. The
    /// protocol has no word for it (Kafka's CurrentAssignmentBuilder trusts it too, and Kafka's clients do it after a failed
    /// heartbeat); its next answer fences it, or tells what it has.
    /// </summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Its partitions of one topic.</summary>
    public int[] PartitionsOf(string topic) => [.. _owned.Where(o => o.Topic == harness.Topics.Topics[topic].Id).Select(o => o.Partition).Order()];

    public bool IsSettled => Epoch > 0 && !_isFull && !_ownedChanged && _assigned is null;

    public void Step()
    {
        Apply();
        Send();
    }

    /// <summary>Sends a heartbeat without having done what the last one told.</summary>
    public void Send()
    {
        var mine = _owned.GroupBy(o => o.Topic).Select(t => new ConsumerGroupHeartbeatRequest.OwnedTopic
        {
            TopicId = t.Key, Partitions = [.. t.Select(o => o.Partition)],
        });
        var response = harness.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest
            {
                GroupId = "g",
                MemberId = MemberId,
                MemberEpoch = Epoch,
                InstanceId = instanceId,
                RebalanceTimeoutMs = _isFull ? RebalanceTimeoutMs : -1,
                SubscribedTopicNames = _isFull ? Topics : null,
                SubscribedTopicRegex = _isFull ? Regex : null,
                ServerAssignor = _isFull ? Assignor : null,
                TopicPartitions = _isFull || _ownedChanged ? [.. mine] : null,
            },
            1);
        if (_losesNext)
        {
            IsInDoubt |= _assigned is not null && (_isFull || _ownedChanged);
            (_losesNext, _isFull) = (false, true);
            return;
        }

        OnAnswer(response);
    }

    /// <summary>Another subscription; the next heartbeat says so.</summary>
    public void Subscribe(params string[] topics) => (Topics, _isFull) = (topics, true);

    public void Leave()
    {
        SendLeave(-1);
        Restart();
    }

    /// <summary>A static member that means to come back.</summary>
    public void GoAway()
    {
        SendLeave(-2);
        Restart();
    }

    public void Restart()
    {
        MemberId = NewId();
        Abandon();
    }

    /// <summary>The answer to its next heartbeat is lost.</summary>
    public void LoseConnection() => _losesNext = true;

    private static string NewId() => "m" + Interlocked.Increment(ref s_ids).ToString("D6", CultureInfo.InvariantCulture);

    private void SendLeave(int epoch) => LastError = harness.Call<ConsumerGroupHeartbeatResponse>(
        new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = MemberId, MemberEpoch = epoch, InstanceId = instanceId }, 1).ErrorCode;

    private void OnAnswer(ConsumerGroupHeartbeatResponse response)
    {
        (LastError, IsInDoubt) = (response.ErrorCode, false);
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                (Epoch, HeartbeatIntervalMs, _isFull, _ownedChanged) = (response.MemberEpoch, response.HeartbeatIntervalMs, false, false);
                if (response.Assignment is { } assignment)
                {
                    _assigned = [.. assignment.TopicPartitions.SelectMany(t => t.Partitions.Select(p => (t.TopicId, p)))];
                }

                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId:
                Abandon();
                break;
            case ErrorCode.FencedInstanceId:
                Restart();
                break;
        }
    }

    private void Apply()
    {
        if (_assigned is not null && !_owned.SetEquals(_assigned))
        {
            // What it gives up is gone before it says so; what it takes is its own from the answer on.
            _owned.Clear();
            _owned.UnionWith(_assigned);
            _ownedChanged = true;
        }

        _assigned = null;
    }

    private void Abandon()
    {
        _owned.Clear();
        IsInDoubt = false;
        (Epoch, _assigned, _isFull, _ownedChanged) = (0, null, true, false);
    }
}
