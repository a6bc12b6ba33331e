using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Samsa.Broker.Apis;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Tests.Metadata;

public sealed class ControllerDutiesTests
{
    private static readonly ControllerRules s_rules = new() { ClusterId = "c", TopicRulesOf = (_, _) => new TopicRules(1, false) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_registers_and_goes_on_beating_serves_and_who_falls_silent_is_fenced()
    {
        var (time, state) = (new FakeTimeProvider(), new MetadataState());
        var controller = new MetadataController(state, new MemoryLog(state), s_rules, time);
        using var stopping = new CancellationTokenSource();
        var duties = RunAsync(controller, state, time, stopping.Token);
        var epochs = new Dictionary<int, long>();
        foreach (var id in new[] { 1, 2 })
        {
            var registered = await new BrokerRegistration(controller).HandleAsync(Registration(id), Context(4), Cancellation);
            Assert.Equal(ErrorCode.None, registered!.ErrorCode);
            epochs[id] = registered.BrokerEpoch;
            Assert.False((await BeatAsync(controller, state, id, epochs[id])).IsFenced);
        }

        var deadline = DateTimeOffset.UtcNow.AddSeconds(30);
        while (!state.Image.Brokers[new BrokerId(2)].Fenced && DateTimeOffset.UtcNow < deadline)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.False((await BeatAsync(controller, state, 1, epochs[1])).IsFenced);
        }

        Assert.True(state.Image.Brokers[new BrokerId(2)].Fenced);
        Assert.False((await BeatAsync(controller, state, 2, epochs[2])).IsFenced);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, (await BeatAsync(controller, state, 2, epochs[2] - 1)).ErrorCode);
        await stopping.CancelAsync();
        await duties;
    }

    [Fact]
    public async Task A_broker_whose_connection_breaks_is_fenced_long_before_its_session_ends()
    {
        var (time, state) = (new FakeTimeProvider(), new MetadataState());
        var controller = new MetadataController(state, new MemoryLog(state), s_rules, time);
        using var stopping = new CancellationTokenSource();
        var duties = RunAsync(controller, state, time, stopping.Token);
        foreach (var id in new[] { 1, 2 })
        {
            var epoch = (await new BrokerRegistration(controller).HandleAsync(Registration(id), Context(4), Cancellation))!.BrokerEpoch;
            await BeatAsync(controller, state, id, epoch);
        }

        controller.Lose(1);
        controller.Lose(2);
        await FencedAsync(state, time);
        await stopping.CancelAsync();
        await duties;
    }

    [Fact]
    public async Task A_new_active_controller_fences_who_does_not_listen_any_more()
    {
        var (time, state) = (new FakeTimeProvider(), new MetadataState());
        var before = new MetadataController(state, new MemoryLog(state), s_rules, time);
        var epoch = (await new BrokerRegistration(before).HandleAsync(Registration(2), Context(4), Cancellation))!.BrokerEpoch;
        await BeatAsync(before, state, 2, epoch);

        var controller = new MetadataController(state, new MemoryLog(state), s_rules, time);
        controller.Hear(new BrokerId(1), 0, 1);
        using var stopping = new CancellationTokenSource();
        var duties = RunAsync(controller, state, time, stopping.Token);
        await new BrokerRegistration(controller).HandleAsync(Registration(1), Context(4), Cancellation);
        await FencedAsync(state, time);
        await stopping.CancelAsync();
        await duties;
    }

    [Fact]
    public async Task A_node_that_is_not_active_decides_nothing()
    {
        var state = new MetadataState();
        var controller = new MetadataController(state, new MemoryLog(state) { IsLeader = false }, s_rules, TimeProvider.System);
        await Assert.ThrowsAsync<NotControllerException>(async () =>
            await new BrokerRegistration(controller).HandleAsync(Registration(1), Context(4), Cancellation));
    }

    private static Task RunAsync(MetadataController controller, MetadataState state, TimeProvider time, CancellationToken stopping)
    {
        var call = new BrokerCall(controller, state, new BrokerCallOptions { Self = new BrokerId(1), Listener = "PLAINTEXT", Transport = new InMemoryTransport(), Time = time });
        return new ControllerDuties(controller, call, NullLogger.Instance).RunAsync(stopping);
    }

    /// <summary>Waits for broker 2 to be fenced, long before its session ends.</summary>
    private static async Task FencedAsync(MetadataState state, FakeTimeProvider time)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var passed = TimeSpan.Zero; !state.Image.Brokers[new BrokerId(2)].Fenced; passed += TimeSpan.FromMilliseconds(20))
        {
            Assert.True(passed.TotalMilliseconds < s_rules.SessionTimeoutMs / 2.0, "not fenced in time");
            time.Advance(TimeSpan.FromMilliseconds(20));
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task<BrokerHeartbeatResponse> BeatAsync(MetadataController controller, MetadataState state, int id, long epoch) =>
        (await new BrokerHeartbeat(controller).HandleAsync(
            new BrokerHeartbeatRequest { BrokerId = new BrokerId(id), BrokerEpoch = epoch, CurrentMetadataOffset = state.Image.AppliedOffset },
            Context(1, id),
            Cancellation))!;

    private static BrokerRegistrationRequest Registration(int id) => new()
    {
        BrokerId = new BrokerId(id),
        ClusterId = "c",
        IncarnationId = Guid.NewGuid(),
        Listeners = [new BrokerRegistrationRequest.Listener { Name = "PLAINTEXT", Host = "127.0.0.1", Port = 9092 }],
        Features = [.. ClusterFeatures.Supported.Select(f => new BrokerRegistrationRequest.Feature { Name = f.Name, MinSupportedVersion = f.MinLevel, MaxSupportedVersion = f.MaxLevel })],
    };

    private static RequestContext Context(short version, long connection = 1) =>
        new(new ConnectionInfo(connection, "CONTROLLER", new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2)), version, "");

    private sealed class MemoryLog(MetadataState state) : IMetadataLog
    {
        public bool IsLeader { get; init; } = true;

        public BrokerId Leader => new(1);

        public LeaderEpoch Epoch => new(1);

        public Offset EndOffset { get; private set; }

        public ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
        {
            EndOffset += records.Count;
            state.Apply(EndOffset - 1, records);
            return new(EndOffset - 1);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
