using CsCheck;
using Samsa.Protocol;

namespace Samsa.Network.Tests;

public sealed class PipelineTests
{
    public static TheoryData<bool> BothTransports => [false, true];

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task Answers_leave_in_the_order_of_the_requests_whatever_finishes_first(bool sockets)
    {
        var shuffles = Gen.Select(Gen.Int[1, 60], Gen.Int, Gen.Bool);
        await shuffles.SampleAsync(
            async (requests, seed, coalesce) =>
            {
                var tickets = new Tickets();
                await using var server = new TestServer(tickets.Begin, transport: Transport(sockets));
                using var client = await server.ConnectAsync();
                var bodies = Enumerable.Range(0, requests).Select(i => BitConverter.GetBytes(i)).ToArray();
                var sending = coalesce ? client.SendAsync(bodies) : SendOneByOneAsync(client, bodies);
                var answering = AnswerAtRandomAsync(tickets, requests, new Random(seed));
                for (var i = 0; i < requests; i++)
                {
                    Assert.Equal(i, BitConverter.ToInt32(await client.AnswerAsync()));
                }

                Assert.True(await sending);
                await answering;
            },
            iter: sockets ? 15 : 30,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task Requests_answered_at_once_later_or_never_mix_freely(bool sockets)
    {
        await Gen.Select(Gen.Byte[0, 3], Gen.Int[1, 9000]).Array[1, 80].SampleAsync(
            async requests =>
            {
                await using var server = new TestServer(Mixed, transport: Transport(sockets));
                using var client = await server.ConnectAsync();
                var bodies = requests.Select((r, i) => Body(r.Item1, (byte)i, r.Item2)).ToArray();
                var sending = client.SendAsync(bodies);
                foreach (var body in bodies.Where(b => b[0] != 0))
                {
                    var answer = await client.AnswerAsync();
                    Assert.True(body.AsSpan().SequenceEqual(answer));
                }

                Assert.True(await sending);
            },
            iter: 30,
            threads: 1);

        static byte[] Body(byte kind, byte number, int length) => [kind, number, .. new byte[length]];
        static RequestTicket Mixed(RequestFrame frame) => frame.Memory.Span[0] switch
        {
            0 => new RequestTicket(response: (ResponseFrame?)null),
            1 => TestServer.Echo(frame),
            var kind => new RequestTicket(EchoLaterAsync(frame), nextMayStart: kind == 2, TimeSpan.Zero),
        };
    }

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task No_more_than_the_bound_are_begun_and_then_the_connection_is_not_read(bool sockets)
    {
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin, new NetworkOptions { MaxInFlightPerConnection = 5 }, Transport(sockets));
        using var client = await server.ConnectAsync();
        var bodies = Enumerable.Range(0, 200).Select(i => new byte[100_000]).ToArray();
        var sending = client.SendAsync(bodies);
        var open = new Queue<Tickets.Pending>();
        for (var i = 0; i < bodies.Length; i++)
        {
            if (open.Count == 5)
            {
                Assert.Equal(i, tickets.Count);
                Assert.False(i == 5 && sending.IsCompleted);
                open.Dequeue().Answer();
                Assert.Equal(100_000, (await client.AnswerAsync()).Length);
            }

            open.Enqueue(await tickets.NextAsync());
        }

        while (open.TryDequeue(out var last))
        {
            last.Answer();
            Assert.NotNull(await client.ReceiveAsync());
        }

        Assert.True(await sending);
    }

    [Fact]
    public async Task The_next_request_waits_where_the_ticket_says_so()
    {
        var tickets = new Tickets { NextMayStart = false };
        await using var server = new TestServer(tickets.Begin);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1], [2], [3]);
        for (byte i = 1; i <= 3; i++)
        {
            var pending = await tickets.NextAsync();
            Assert.Equal(i, tickets.Count);
            pending.Answer();
            Assert.Equal([i], await client.AnswerAsync());
        }
    }

    [Fact]
    public async Task The_thread_that_completes_an_answer_neither_sends_it_nor_begins_the_next_request()
    {
        var beganOn = new List<int>();
        var tickets = new Tickets { NextMayStart = false };
        await using var server = new TestServer(frame =>
        {
            beganOn.Add(Environment.CurrentManagedThreadId);
            return tickets.Begin(frame);
        });
        using var client = await server.ConnectAsync();
        await client.SendAsync([1], [2]);
        var first = await tickets.NextAsync();
        var flusher = new Thread(first.Answer);
        flusher.Start();
        Assert.True(flusher.Join(TestServer.Deadline));
        (await tickets.NextAsync()).Answer();
        Assert.Equal([1], await client.AnswerAsync());
        Assert.Equal([2], await client.AnswerAsync());
        Assert.DoesNotContain(flusher.ManagedThreadId, beganOn);
    }

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task Frames_may_come_byte_by_byte(bool sockets)
    {
        await using var server = new TestServer(TestServer.Echo, transport: Transport(sockets));
        using var client = await server.ConnectAsync();
        foreach (var one in TestClient.Framed([1, 2, 3], [4], [5, 6]))
        {
            Assert.True(await client.SendRawAsync([one]));
        }

        Assert.Equal([1, 2, 3], await client.AnswerAsync());
        Assert.Equal([4], await client.AnswerAsync());
        Assert.Equal([5, 6], await client.AnswerAsync());
    }

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task Large_requests_and_answers_arrive_whole(bool sockets)
    {
        await using var server = new TestServer(TestServer.Echo, transport: Transport(sockets));
        using var client = await server.ConnectAsync();
        foreach (var size in new[] { 65_532, 65_533, 1_048_576, 1_114_113, 9_000_000 })
        {
            var body = new byte[size];
            new Random(size).NextBytes(body);
            var sending = client.SendAsync(body, [7]);
            var answer = await client.AnswerAsync();
            Assert.True(body.AsSpan().SequenceEqual(answer));
            Assert.Equal([7], await client.AnswerAsync());
            Assert.True(await sending);
        }
    }

    [Fact]
    public async Task A_request_without_an_answer_sends_nothing_and_frees_its_place()
    {
        await using var server = new TestServer(
            frame => frame.Memory.Span[0] == 0 ? new RequestTicket(response: (ResponseFrame?)null) : TestServer.Echo(frame),
            new NetworkOptions { MaxInFlightPerConnection = 2 });
        using var client = await server.ConnectAsync();
        await client.SendAsync([.. Enumerable.Repeat(new byte[] { 0 }, 50), [1]]);
        Assert.Equal([1], await client.AnswerAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_are_no_protocol_close_that_connection_after_the_answers_before_it(bool later)
    {
        await using var server = new TestServer(frame => frame.Memory.Span[0] switch
        {
            13 when later => new RequestTicket(LaterAsync(new ProtocolException("no such field"))),
            13 => throw new ProtocolException("no such field"),
            _ => TestServer.Echo(frame),
        });
        using var other = await server.ConnectAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync([1], [2], [13], [3]);
        Assert.Equal([1], await client.AnswerAsync());
        Assert.Equal([2], await client.AnswerAsync());
        Assert.Null(await client.ReceiveAsync());
        Assert.Contains("no such field", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
        await other.SendAsync([5]);
        Assert.Equal([5], await other.AnswerAsync());
    }

    [Fact]
    public async Task A_handler_that_fails_closes_the_connection_and_says_so()
    {
        await using var server = new TestServer(_ => throw new InvalidOperationException("a bug"));
        using var client = await server.ConnectAsync();
        await client.SendAsync([1]);
        Assert.Null(await client.ReceiveAsync());
        Assert.Contains("failed unexpectedly", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BothTransports))]
    public async Task A_peer_that_leaves_ends_its_session_while_a_request_still_waits(bool sockets)
    {
        var tickets = new Tickets { NextMayStart = false };
        await using var server = new TestServer(tickets.Begin, transport: Transport(sockets));
        using var client = await server.ConnectAsync();
        await client.SendAsync([1]);
        var parked = await tickets.NextAsync();
        client.Shutdown();
        await server.SessionEnded.Task.WaitAsync(TestServer.Deadline);
        parked.Answer();
    }

    [Fact]
    public async Task A_request_may_be_kept_beyond_its_answer()
    {
        RequestFrame? kept = null;
        await using var server = new TestServer(frame =>
        {
            if (kept is null)
            {
                kept = frame;
                frame.Retain();
            }

            return TestServer.Echo(frame);
        });
        using var client = await server.ConnectAsync();
        for (byte i = 1; i < 100; i++)
        {
            await client.SendAsync([i, i]);
            Assert.Equal([i, i], await client.AnswerAsync());
        }

        Assert.Equal([1, 1], kept!.Memory.ToArray());
        kept.Release();
    }

    private static ITransport Transport(bool sockets) => sockets ? SocketTransport.Default : new InMemoryTransport(8 << 10, 3000);

    private static async ValueTask<ResponseFrame?> LaterAsync(Exception failure)
    {
        await Task.Yield();
        throw failure;
    }

    private static async ValueTask<ResponseFrame?> EchoLaterAsync(RequestFrame frame)
    {
        await Task.Yield();
        return TestServer.ResponseTo(frame.Memory.Span);
    }

    private static async Task<bool> SendOneByOneAsync(TestClient client, byte[][] bodies)
    {
        foreach (var body in bodies)
        {
            if (!await client.SendAsync(body))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task AnswerAtRandomAsync(Tickets tickets, int requests, Random random)
    {
        var open = new List<(int Number, Tickets.Pending Ticket)>();
        for (var begun = 0; begun < requests || open.Count > 0;)
        {
            // 16 after the oldest that isn't answered nothing more begins.
            var mayBegin = begun < requests && (open.Count == 0 || begun < open[0].Number + 16);
            if (mayBegin && (open.Count == 0 || random.Next(2) == 0))
            {
                open.Add((begun++, await tickets.NextAsync()));
                continue;
            }

            var pick = random.Next(open.Count);
            open[pick].Ticket.Answer();
            open.RemoveAt(pick);
        }
    }
}
