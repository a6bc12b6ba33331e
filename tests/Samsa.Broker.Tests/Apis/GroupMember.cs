using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

/// <summary>A member of a classic group, request by request.</summary>
internal sealed class GroupMember(TestBroker broker, string group)
{
    public string Id { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    /// <summary>A broker that coordinates groups and has a topic <c>t</c> with two partitions.</summary>
    public static async Task<TestBroker> StartBrokerAsync()
    {
        var broker = await TestBroker.StartAsync("offsets.topic.num.partitions=2", "group.initial.rebalance.delay.ms=0");
        await broker.CreateTopicAsync("t", 2);
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while ((await broker.CallAsync<FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = ["g"] })).Coordinators[0].ErrorCode != ErrorCode.None
            || (await broker.CallAsync<ListGroupsResponse>(new ListGroupsRequest())).ErrorCode != ErrorCode.None)
        {
            Assert.True(DateTime.UtcNow < deadline, "no coordinator");
            await Task.Yield();
        }

        return broker;
    }

    /// <summary>Joins as the only member and takes both partitions.</summary>
    public async Task<GroupMember> JoinAsync()
    {
        Id = (await AskToJoinAsync()).MemberId;
        var joined = await AskToJoinAsync();
        Assert.Equal((ErrorCode.None, Id), (joined.ErrorCode, joined.Leader));
        Generation = joined.GenerationId;
        Assert.Equal(ErrorCode.None, (await SyncAsync([1, 2, 3])).ErrorCode);
        return this;
    }

    public Task<JoinGroupResponse> AskToJoinAsync() => broker.CallAsync<JoinGroupResponse>(new JoinGroupRequest
    {
        GroupId = group, MemberId = Id, SessionTimeoutMs = 30_000, RebalanceTimeoutMs = 30_000, ProtocolType = "consumer",
        Protocols = [new() { Name = "range", Metadata = new byte[] { 0, 1, 0, 0, 0, 0, 255, 255, 255, 255 } }],
    });

    public Task<SyncGroupResponse> SyncAsync(byte[] assignment) => broker.CallAsync<SyncGroupResponse>(new SyncGroupRequest
    {
        GroupId = group, MemberId = Id, GenerationId = Generation, ProtocolType = "consumer", ProtocolName = "range",
        Assignments = [new() { MemberId = Id, Assignment = assignment }],
    });

    public async Task<ErrorCode> HeartbeatAsync(int generation) =>
        (await broker.CallAsync<HeartbeatResponse>(new HeartbeatRequest { GroupId = group, MemberId = Id, GenerationId = generation })).ErrorCode;

    public async Task<ErrorCode> LeaveAsync() =>
        (await broker.CallAsync<LeaveGroupResponse>(new LeaveGroupRequest { GroupId = group, Members = [new() { MemberId = Id }] })).Members[0].ErrorCode;

    public async Task<ErrorCode> CommitAsync(long offset, int? generation = null)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = group, MemberId = Id, GenerationIdOrMemberEpoch = generation ?? Generation,
            Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = new Offset(offset), CommittedMetadata = "m" }] }],
        };
        return (await broker.CallAsync<OffsetCommitResponse>(request, 9)).Topics[0].Partitions[0].ErrorCode;
    }

    public async Task<long> PositionAsync()
    {
        var request = new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] };
        return (await broker.CallAsync<OffsetFetchResponse>(request, 9)).Groups[0].Topics[0].Partitions[0].CommittedOffset.Value;
    }
}
