using System.Net;
using System.Net.Sockets;
using CsCheck;

namespace Samsa.Network.Tests;

public sealed class ListenersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_lets_what_has_begun_finish_and_its_answers_leave(bool sockets)
    {
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin, transport: sockets ? SocketTransport.Default : null);
        using var client = await server.ConnectAsync();
        using var idle = await server.ConnectAsync();
        await client.SendAsync([1], [2]);
        var first = await tickets.NextAsync();
        var second = await tickets.NextAsync();
        var stopping = server.Listeners.StopAsync(TestServer.Deadline).AsTask();
        await idle.EndAsync();
        Assert.False(stopping.IsCompleted);
        second.Answer();
        first.Answer();
        Assert.Equal([1], await client.AnswerAsync());
        Assert.Equal([2], await client.AnswerAsync());
        Assert.Null(await client.ReceiveAsync());
        await stopping.WaitAsync(TestServer.Deadline);
        await Assert.ThrowsAnyAsync<SocketException>(server.ConnectAsync);
    }

    [Fact]
    public async Task What_is_not_done_by_the_deadline_is_cut_off()
    {
        var tickets = new Tickets();
        await using var server = new TestServer(tickets.Begin);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1]);
        var parked = await tickets.NextAsync();
        await server.Listeners.StopAsync(TimeSpan.FromMilliseconds(50)).AsTask().WaitAsync(TestServer.Deadline);
        Assert.Null(await client.ReceiveAsync());
        Assert.Contains("Cut off 1", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
        parked.Answer();
    }

    [Fact]
    public async Task Random_bytes_harm_nobody_but_their_sender()
    {
        await using var server = new TestServer(TestServer.Echo, transport: SocketTransport.Default);
        using var good = await server.ConnectAsync();
        await Gen.Byte.Array[1, 3000].Array[1, 4].SampleAsync(
            async pieces =>
            {
                using var bad = await server.ConnectAsync();
                foreach (var piece in pieces)
                {
                    await bad.SendRawAsync(piece);
                }

                await good.SendAsync([9, 9]);
                Assert.Equal([9, 9], await good.AnswerAsync());
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Localhost_serves_both_address_families_on_one_port()
    {
        await using var server = new TestServer(TestServer.Echo, transport: SocketTransport.Default, endpoints: [new ListenerEndpoint("PLAINTEXT", "localhost", 0)]);
        var bound = Assert.Single(server.Listeners.Bound);
        Assert.Equal(IPAddress.Loopback, bound.EndPoint.Address);
        foreach (var address in Socket.OSSupportsIPv6 ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
        {
            using var channel = await SocketTransport.Default.ConnectAsync(new IPEndPoint(address, bound.EndPoint.Port), TestContext.Current.CancellationToken);
            using var client = new TestClient(channel);
            await client.SendAsync([1]);
            Assert.Equal([1], await client.AnswerAsync());
        }
    }

    [Fact]
    public async Task A_taken_port_is_refused_and_a_port_just_left_can_be_taken_again()
    {
        int port;
        await using (var server = new TestServer(TestServer.Echo, transport: SocketTransport.Default))
        {
            port = server.Listeners.Bound[0].EndPoint.Port;
            using var client = await server.ConnectAsync();
            await client.SendAsync([1]);
            Assert.Equal([1], await client.AnswerAsync());
            var taken = Assert.Throws<SocketException>(() => Listeners.Bind([new ListenerEndpoint("PLAINTEXT", "127.0.0.1", port)], new NetworkOptions(), new NetworkServices()));
            Assert.Equal(SocketError.AddressAlreadyInUse, taken.SocketErrorCode);
            await server.Listeners.StopAsync(TestServer.Deadline);
        }

        await using var again = new TestServer(TestServer.Echo, transport: SocketTransport.Default, endpoints: [new ListenerEndpoint("PLAINTEXT", "127.0.0.1", port)]);
        using var next = await again.ConnectAsync();
        await next.SendAsync([2]);
        Assert.Equal([2], await next.AnswerAsync());
    }

    [Fact]
    public async Task A_failing_accept_is_survived()
    {
        var transport = new FailingTransport(new InMemoryTransport());
        await using var server = new TestServer(TestServer.Echo, transport: transport);
        using var client = await server.ConnectAsync();
        await client.SendAsync([1]);
        Assert.Equal([1], await client.AnswerAsync());
        Assert.Contains("could not accept", Assert.Single(server.Log.Warnings), StringComparison.Ordinal);
    }

    private sealed class FailingTransport(ITransport inner) : ITransport
    {
        public IChannelListener Bind(IPEndPoint endPoint) => new FailingListener(inner.Bind(endPoint));

        public ValueTask<IByteChannel> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken) => inner.ConnectAsync(endPoint, cancellationToken);
    }

    private sealed class FailingListener(IChannelListener inner) : IChannelListener
    {
        private int _failures = 3;

        public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

        public ValueTask<IByteChannel> AcceptAsync(CancellationToken cancellationToken) =>
            _failures-- > 0 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : inner.AcceptAsync(cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
