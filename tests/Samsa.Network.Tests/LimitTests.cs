using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Samsa.Network.Tests;

public sealed class LimitTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(-5, true)]
    [InlineData(int.MaxValue, false)]
    [InlineData(104857601, true)]
    public async Task An_impossible_size_closes_the_connection_with_a_line_that_names_the_setting(int claimed, bool sockets)
    {
        await using var server = new TestServer(TestServer.Echo, transport: sockets ? SocketTransport.Default : null, time: new FakeTimeProvider());
        using var good = await server.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            using var client = await server.ConnectAsync();
            await client.SendRawAsync(TestClient.Size(claimed));
            await client.EndAsync();
        }

        await good.SendAsync([1]);
        Assert.Equal([1], await good.AnswerAsync());
        var line = Assert.Single(server.Log.Warnings);
        Assert.Contains("socket.request.max.bytes", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_and_a_busy_one_is_not()
    {
        var time = new FakeTimeProvider();
        var options = new NetworkOptions { ConnectionsMaxIdle = TimeSpan.FromSeconds(30) };
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin, options, time: time);
        using var idle = await server.ConnectAsync();
        using var waiting = await server.ConnectAsync();
        await waiting.SendAsync([1]);
        var parked = await tickets.NextAsync();
        var ended = idle.EndAsync();
        var start = time.GetUtcNow();
        await AdvanceUntilAsync(time, ended);
        Assert.True(time.GetUtcNow() - start >= options.ConnectionsMaxIdle);
        parked.Answer();
        Assert.Equal([1], await waiting.AnswerAsync());
        Assert.Empty(server.Log.Warnings);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public async Task A_peer_that_sends_a_byte_now_and_then_is_closed_and_one_that_keeps_up_is_not(int claimed)
    {
        var time = new FakeTimeProvider();
        var options = new NetworkOptions { ConnectionsMaxIdle = TimeSpan.FromSeconds(30) };
        await using var server = new TestServer(TestServer.Echo, options, time: time);
        using var slow = await server.ConnectAsync();
        using var steady = await server.ConnectAsync();
        await slow.SendRawAsync(TestClient.Size(claimed));
        await steady.SendRawAsync(TestClient.Size(1 << 20));
        var ended = slow.EndAsync();
        var sent = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (; !ended.IsCompleted && sent < 90; sent++)
        {
            await slow.SendRawAsync([1]);
            await steady.SendRawAsync(new byte[10 << 10]);
            time.Advance(TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await ended;
        await steady.SendRawAsync(new byte[(1 << 20) - (sent * (10 << 10))]);
        Assert.Equal(1 << 20, (await steady.AnswerAsync()).Length);
        Assert.Contains("bytes per second", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_holds_the_budget_and_hardly_sends_is_closed_when_others_wait_for_it()
    {
        var time = new FakeTimeProvider();
        await using var server = new TestServer(TestServer.Echo, new NetworkOptions { QueuedMaxRequestBytes = 100_000 }, time: time);
        using var holder = await server.ConnectAsync();
        await holder.SendRawAsync([.. TestClient.Size(150_000), 1, 2, 3]);
        var ended = holder.EndAsync();
        using var waiting = await server.ConnectAsync();
        var sending = waiting.SendAsync(new byte[120_000]);
        var answer = waiting.AnswerAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var i = 0; i < 60 && !ended.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await ended;
        Assert.Equal(120_000, (await answer).Length);
        Assert.True(await sending);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_never_reads_its_answers_costs_little_and_is_closed_in_the_end(bool sockets)
    {
        var time = new FakeTimeProvider();
        var pool = new BufferPool(0);
        var begun = 0;
        var isStuck = new TaskCompletionSource();
        await using var server = new TestServer(
            _ =>
            {
                if (Interlocked.Increment(ref begun) == 2)
                {
                    isStuck.SetResult();
                }

                return new RequestTicket(ResponseFrame.Rent(600_000, pool));
            },
            new NetworkOptions { MaxUnsentBytes = 1_000_000 },
            sockets ? new SocketTransport(new SocketTransportOptions { SendBufferBytes = 64 << 10, ReceiveBufferBytes = 64 << 10 }) : null,
            time);
        using var client = await server.ConnectAsync();
        var sending = client.SendAsync([.. Enumerable.Repeat(new byte[20_000], 2000)]);
        await isStuck.Task.WaitAsync(TestServer.Deadline);
        await AdvanceUntilAsync(time, server.SessionEnded.Task);
        Assert.False(await sending);
        Assert.InRange(begun, 2, 3);
        Assert.Equal(0, pool.Outstanding);
        Assert.Contains("connections.max.idle.ms", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_connection_is_answered_at_once_and_then_not_read_for_that_long()
    {
        var time = new FakeTimeProvider();
        var begun = 0;
        await using var server = new TestServer(
            frame =>
            {
                var first = Interlocked.Increment(ref begun) == 1;
                var response = TestServer.ResponseTo(frame.Memory.Span);
                response.MuteAfter = first ? TimeSpan.FromSeconds(3) : TimeSpan.Zero;
                return new RequestTicket(response);
            },
            time: time);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1], [2]);
        Assert.Equal([1], await client.AnswerAsync());
        time.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Equal(1, begun);
        var second = client.AnswerAsync();
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal([2], await second);
    }

    [Fact]
    public async Task A_ticket_without_an_answer_mutes_too()
    {
        var time = new FakeTimeProvider();
        var begun = new SemaphoreSlim(0);
        await using var server = new TestServer(
            frame =>
            {
                begun.Release();
                return new RequestTicket(new ValueTask<ResponseFrame?>((ResponseFrame?)null), nextMayStart: true, TimeSpan.FromSeconds(1));
            },
            new NetworkOptions { ConnectionsMaxIdle = TimeSpan.Zero },
            time: time);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1], [2]);
        Assert.True(await begun.WaitAsync(TestServer.Deadline));
        Assert.Equal(0, begun.CurrentCount);
        var second = begun.WaitAsync(TestServer.Deadline);
        await AdvanceUntilAsync(time, second);
        Assert.True(await second);
    }

    [Fact]
    public async Task Connections_beyond_the_most_wait_until_one_closes()
    {
        await using var server = new TestServer(TestServer.Echo, new NetworkOptions { MaxConnections = 2 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        await first.SendAsync([1]);
        await second.SendAsync([2]);
        Assert.Equal([1], await first.AnswerAsync());
        Assert.Equal([2], await second.AnswerAsync());
        using var third = await server.ConnectAsync();
        await third.SendAsync([3]);
        var answer = third.AnswerAsync();
        await server.Log.LineAsync("max.connections");
        Assert.False(answer.IsCompleted);
        first.Shutdown();
        Assert.Equal([3], await answer);
    }

    [Fact]
    public async Task Connections_that_come_too_fast_wait_for_their_turn()
    {
        var time = new FakeTimeProvider();
        await using var server = new TestServer(TestServer.Echo, new NetworkOptions { MaxConnectionCreationRate = 2 }, time: time);
        time.Advance(TimeSpan.FromMinutes(1));
        var answers = new List<Task<byte[]>>();
        for (byte i = 0; i < 4; i++)
        {
            var client = await server.ConnectAsync();
            await client.SendAsync([i]);
            answers.Add(client.AnswerAsync());
        }

        await Task.WhenAll(answers[..2]);
        await server.Log.LineAsync("max.connection.creation.rate");
        Assert.False(answers[2].IsCompleted || answers[3].IsCompleted);
        var before = time.GetUtcNow();
        await AdvanceUntilAsync(time, Task.WhenAll(answers), TimeSpan.FromMilliseconds(100));
        Assert.True(time.GetUtcNow() - before >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Raising_the_limit_lets_those_in_that_wait()
    {
        await using var server = new TestServer(TestServer.Echo, new NetworkOptions { MaxConnections = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        await second.SendAsync([2]);
        await first.SendAsync([1]);
        Assert.Equal([1], await first.AnswerAsync());
        server.Listeners.Options = server.Listeners.Options with { MaxConnections = 2 };
        Assert.Equal([2], await second.AnswerAsync());
    }

    [Fact]
    public async Task An_address_with_as_many_connections_as_it_may_have_is_refused()
    {
        await using var server = new TestServer(TestServer.Echo, new NetworkOptions { MaxConnectionsPerIp = 1 }, SocketTransport.Default);
        using var first = await server.ConnectAsync();
        await first.SendAsync([1]);
        Assert.Equal([1], await first.AnswerAsync());
        using (var second = await server.ConnectAsync())
        {
            await second.EndAsync();
        }

        Assert.Contains("max.connections.per.ip", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
        server.Listeners.Options = server.Listeners.Options with { MaxConnectionsPerIpOverrides = new Dictionary<IPAddress, int> { [IPAddress.Loopback] = 2 } };
        using var third = await server.ConnectAsync();
        await third.SendAsync([3]);
        Assert.Equal([3], await third.AnswerAsync());
    }

    [Fact]
    public async Task Request_memory_beyond_the_budget_delays_reading_and_fails_nobody()
    {
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin, new NetworkOptions { QueuedMaxRequestBytes = 300_000 });
        var clients = new List<TestClient>();
        var sends = new List<Task<bool>>();
        for (byte i = 0; i < 8; i++)
        {
            var client = await server.ConnectAsync();
            clients.Add(client);
            var body = new byte[200_000];
            body[0] = i;
            sends.Add(client.SendAsync(body));
        }

        for (var done = 0; done < clients.Count; done++)
        {
            var pending = await tickets.NextAsync();
            Assert.InRange(tickets.Count, done + 1, done + 2);
            pending.Answer();
            var answer = await clients[pending.Request[0]].ReceiveAsync();
            Assert.Equal(pending.Request[0], answer![0]);
        }

        Assert.All(await Task.WhenAll(sends), Assert.True);
        Assert.Contains(server.Log.Lines, line => line.Contains("queued.max.request.bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_leaves_while_it_waits_for_the_budget_leaves_nothing_behind()
    {
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin, new NetworkOptions { QueuedMaxRequestBytes = 100_000 });
        using var holder = await server.ConnectAsync();
        await holder.SendAsync(new byte[150_000]);
        var pending = await tickets.NextAsync();
        using (var waiting = await server.ConnectAsync())
        {
            _ = waiting.SendAsync(new byte[150_000]);
        }

        using var third = await server.ConnectAsync();
        var sending = third.SendAsync(new byte[150_000]);
        pending.Answer();
        (await tickets.NextAsync()).Answer();
        Assert.Equal(150_000, (await holder.AnswerAsync())!.Length);
        Assert.Equal(150_000, (await third.AnswerAsync())!.Length);
        Assert.True(await sending);
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider time, Task done) => AdvanceUntilAsync(time, done, TimeSpan.FromSeconds(1));

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done, TimeSpan step)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!done.IsCompleted && TimeProvider.System.GetElapsedTime(started) < TestServer.Deadline)
        {
            time.Advance(step);
            await Task.WhenAny(done, Task.Run(static () => { }));
        }

        await done.WaitAsync(TestServer.Deadline);
    }
}
