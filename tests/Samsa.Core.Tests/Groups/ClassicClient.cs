using System.Buffers.Binary;
using System.Text;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

/// <summary>A consumer of the classic protocol as a small state machine: each <see cref="Step"/> does what comes next.</summary>
internal sealed class ClassicClient(GroupHarness harness, string? instanceId = null)
{
    private long? _join;
    private long? _sync;
    private string[] _members = [];

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    /// <summary>The partitions assigned in <see cref="Generation"/>; null while there is no assignment.</summary>
    public int[]? Assignment { get; private set; }

    public ErrorCode LastError { get; private set; }

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
        else if (Assignment is null)
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
        (_join, _sync, MemberId, Assignment) = (null, null, "", null);
    }

    /// <summary>The process is gone, and a new one begins.</summary>
    public void Restart() => (_join, _sync, MemberId, Assignment) = (null, null, "", null);

    /// <summary>Its connection broke: parked requests are never answered.</summary>
    public void LoseConnection()
    {
        if (_join is not null || _sync is not null)
        {
            (_join, _sync, Assignment) = (null, null, null);
        }
    }

    internal static byte[] Subscription(params string[] topics)
    {
        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt16BigEndian(number, 1);
        bytes.Write(number[..2]);
        BinaryPrimitives.WriteInt32BigEndian(number, topics.Length);
        bytes.Write(number);
        foreach (var topic in topics)
        {
            BinaryPrimitives.WriteInt16BigEndian(number, (short)topic.Length);
            bytes.Write(number[..2]);
            bytes.Write(Encoding.UTF8.GetBytes(topic));
        }

        BinaryPrimitives.WriteInt32BigEndian(number, -1);
        bytes.Write(number);
        return bytes.ToArray();
    }

    internal static JoinGroupRequest JoinRequest(string memberId, string? instanceId = null, string protocol = "range", int sessionMs = 10_000) => new()
    {
        GroupId = "g",
        MemberId = memberId,
        GroupInstanceId = instanceId,
        SessionTimeoutMs = sessionMs,
        RebalanceTimeoutMs = 30_000,
        ProtocolType = "consumer",
        Protocols = [new() { Name = protocol, Metadata = Subscription("t") }],
    };

    private void Join()
    {
        _join = harness.Send(JoinRequest(MemberId, instanceId), 9);
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
        _members = answer.SkipAssignment ? [] : [.. answer.Members.Select(m => m.MemberId)];
        var partitions = harness.Topics.Topics["t"].Partitions;
        _sync = harness.Send(
            new SyncGroupRequest
            {
                GroupId = "g",
                GenerationId = Generation,
                MemberId = MemberId,
                GroupInstanceId = instanceId,
                ProtocolType = "consumer",
                ProtocolName = "range",
                Assignments =
                [
                    .. _members.Select((m, i) => new SyncGroupRequest.SyncGroupRequestAssignment
                    {
                        MemberId = m,
                        Assignment = Enumerable.Range(0, partitions).Where(p => p % _members.Length == i).Select(p => (byte)p).ToArray(),
                    }),
                ],
            },
            5);
        Step();
    }

    private void OnSynced(SyncGroupResponse answer)
    {
        if (answer.ErrorCode == ErrorCode.None)
        {
            Assignment = [.. answer.Assignment.ToArray().Select(b => (int)b)];
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

        Assignment = null;
        if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
        {
            MemberId = "";
        }
    }
}
