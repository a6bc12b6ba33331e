using System.Buffers.Binary;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Tests.Groups;

/// <summary>
/// A consumer of the classic protocol as a small state machine: each <see cref="Step"/> does what comes next. An eager one gives
/// everything up before it joins, a cooperative one (KIP-429) only what it does not get again.
/// </summary>
internal sealed class ClassicClient(GroupHarness harness, string? instanceId = null, bool cooperative = false) : IGroupClient
{
    private const string Topic = "t";
    private bool _mustJoin = true;
    private long? _join;
    private long? _sync;

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    /// <summary>The partitions assigned in <see cref="Generation"/>; null while there is no assignment.</summary>
    public int[]? Assignment { get; private set; }

    public ErrorCode LastError { get; private set; }

    public bool IsSettled => Assignment is not null && !_mustJoin && _join is null && _sync is null;

    public IEnumerable<(TopicId Topic, int Partition)> Owned => (Assignment ?? []).Select(p => (harness.Topics.Topics[Topic].Id, p));

    private string Protocol => cooperative ? "cooperative-sticky" : "range";

    public void Step()
    {
        if (_join is { } join)
        {
            if (harness.Answers.TryGetValue(join, out var answer))
            {
                _join = null;
                OnJoined((JoinGroupResponse)answer);
            }
        }
        else if (_sync is { } sync)
        {
            if (harness.Answers.TryGetValue(sync, out var answer))
            {
                _sync = null;
                OnSynced((SyncGroupResponse)answer);
            }
        }
        else if (_mustJoin)
        {
            Join();
        }
        else
        {
            OnError(harness.Call<HeartbeatResponse>(
                new HeartbeatRequest { GroupId = "g", GenerationId = Generation, MemberId = MemberId, GroupInstanceId = instanceId }, 4).ErrorCode);
        }
    }

    public void Leave()
    {
        harness.Send(new LeaveGroupRequest { GroupId = "g", Members = [new() { MemberId = MemberId, GroupInstanceId = instanceId }] }, 5);
        Restart();
    }

    /// <summary>The process is gone, and a new one begins.</summary>
    public void Restart() => (_join, _sync, _mustJoin, MemberId, Generation, Assignment) = (null, null, true, "", -1, null);

    /// <summary>Its connection broke: parked requests are never answered.</summary>
    public void LoseConnection()
    {
        if (_join is not null || _sync is not null)
        {
            (_join, _sync, _mustJoin) = (null, null, true);
        }
    }

    internal static byte[] Subscription(params string[] topics) =>
        Encode(1, new ConsumerProtocolSubscription { Topics = topics });

    internal static byte[] Encode(short version, IMessage message)
    {
        var bytes = new byte[2 + message.ComputeSize(version)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, version);
        var writer = new ProtocolWriter(bytes.AsSpan(2));
        message.Write(ref writer, version);
        return bytes;
    }

    internal static T Decode<T>(ReadOnlyMemory<byte> bytes)
        where T : IMessage, new()
    {
        var message = new T();
        var reader = new ProtocolReader(bytes);
        message.Read(ref reader, reader.ReadInt16());
        return message;
    }

    internal static JoinGroupRequest JoinRequest(string memberId, string? instanceId = null, string protocol = "range", int sessionMs = 10_000) => new()
    {
        GroupId = "g",
        MemberId = memberId,
        GroupInstanceId = instanceId,
        SessionTimeoutMs = sessionMs,
        RebalanceTimeoutMs = 30_000,
        ProtocolType = "consumer",
        Protocols = [new() { Name = protocol, Metadata = Subscription(Topic) }],
    };

    private void Join()
    {
        if (!cooperative)
        {
            Assignment = null;
        }

        var request = JoinRequest(MemberId, instanceId, Protocol);
        request.Protocols[0].Metadata = Encode(2, new ConsumerProtocolSubscription
        {
            Topics = [Topic],
            OwnedPartitions = Assignment is { } owned ? [new() { Topic = Topic, Partitions = owned }] : [],
            GenerationId = Generation,
        });
        _join = harness.Send(request, 9);
        Step();
    }

    private void OnJoined(JoinGroupResponse answer)
    {
        MemberId = answer.MemberId;
        if (answer.ErrorCode != ErrorCode.None)
        {
            OnError(answer.ErrorCode);
            return;
        }

        Generation = answer.GenerationId;
        _sync = harness.Send(
            new SyncGroupRequest
            {
                GroupId = "g",
                GenerationId = Generation,
                MemberId = MemberId,
                GroupInstanceId = instanceId,
                ProtocolType = "consumer",
                ProtocolName = Protocol,
                Assignments = answer.SkipAssignment ? [] : Assign(answer.Members),
            },
            5);
        Step();
    }

    // A cooperative leader gives away only what nobody else has.
    private SyncGroupRequest.SyncGroupRequestAssignment[] Assign(JoinGroupResponse.JoinGroupResponseMember[] members)
    {
        var owned = members
            .Select(m => (m.MemberId, Subscription: Decode<ConsumerProtocolSubscription>(m.Metadata)))
            .OrderBy(m => m.Subscription.GenerationId)
            .SelectMany(m => m.Subscription.OwnedPartitions.SelectMany(o => o.Partitions), (m, p) => (Partition: p, m.MemberId))
            .GroupBy(o => o.Partition).ToDictionary(o => o.Key, o => o.Last().MemberId);
        return
        [
            .. members.Select((m, i) => new SyncGroupRequest.SyncGroupRequestAssignment
            {
                MemberId = m.MemberId,
                Assignment = Encode(1, new ConsumerProtocolAssignment
                {
                    AssignedPartitions =
                    [
                        new()
                        {
                            Topic = Topic,
                            Partitions =
                            [
                                .. Enumerable.Range(0, harness.Topics.Topics[Topic].Partitions)
                                    .Where(p => p % members.Length == i && owned.GetValueOrDefault(p, m.MemberId) == m.MemberId),
                            ],
                        },
                    ],
                }),
            }),
        ];
    }

    private void OnSynced(SyncGroupResponse answer)
    {
        if (answer.ErrorCode == ErrorCode.None)
        {
            int[] assigned = [.. Decode<ConsumerProtocolAssignment>(answer.Assignment).AssignedPartitions.SelectMany(t => t.Partitions)];

            // What a cooperative member loses is free for others only when it has joined again.
            _mustJoin = cooperative && (Assignment ?? []).Except(assigned).Any();
            Assignment = assigned;
        }

        OnError(answer.ErrorCode);
    }

    private void OnError(ErrorCode error)
    {
        LastError = error;
        if (error == ErrorCode.None)
        {
            return;
        }

        _mustJoin = true;
        if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.IllegalGeneration || !cooperative)
        {
            Assignment = null;
        }

        if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
        {
            (MemberId, Generation) = ("", -1);
        }
    }
}
