using System.Buffers.Binary;
using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Samsa.Network.Tests;

public sealed class PeerConnectionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_request_gets_its_own_answer_however_many_are_under_way(bool sockets)
    {
        var sizes = Gen.Int[0, 100_000].Array[1, 60];
        await sizes.SampleAsync(
            async lengths =>
            {
                var transport = Transport(sockets);
                await using var server = new TestServer(Answer, transport: transport);
                var pool = new BufferPool(1 << 20);
                using var connection = await ConnectAsync(server, transport, new PeerConnectionOptions { Pool = pool });
                var answers = await Task.WhenAll(lengths.Select((length, i) => SendAsync(connection, (byte)i, length)));
                for (var i = 0; i < answers.Length; i++)
                {
                    Assert.Equal(lengths[i], answers[i].Length);
                    Assert.All(answers[i], b => Assert.Equal((byte)i, b));
                }

                connection.Dispose();
                await connection.Ended.WaitAsync(s_patience);
                Assert.Equal(0, pool.Outstanding);
            },
            iter: sockets ? 10 : 20,
            threads: 1);
    }

    [Fact]
    public async Task A_connection_that_breaks_fails_all_that_wait_and_all_that_come_later()
    {
        var tickets = new Tickets();
        var transport = new InMemoryTransport();
        await using var server = new TestServer(tickets.Begin, transport: transport);
        using var connection = await ConnectAsync(server, transport, new PeerConnectionOptions());
        var waiting = Enumerable.Range(0, 3).Select(i => SendAsync(connection, (byte)i, 10)).ToArray();
        Tickets.Pending[] begun = [await tickets.NextAsync(), await tickets.NextAsync(), await tickets.NextAsync()];
        Assert.True(connection.IsOpen);
        connection.Dispose();
        foreach (var request in waiting)
        {
            await Assert.ThrowsAsync<IOException>(() => request.WaitAsync(s_patience));
        }

        Assert.False(connection.IsOpen);
        await Assert.ThrowsAsync<IOException>(() => SendAsync(connection, 9, 10).WaitAsync(s_patience));
        await connection.Ended.WaitAsync(s_patience);
        Array.ForEach(begun, b => b.AnswerNothing());
    }

    [Fact]
    public async Task A_peer_that_closes_is_noticed_without_a_request()
    {
        var transport = new InMemoryTransport();
        using var listener = transport.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var connection = await PeerConnection.ConnectAsync(transport, listener.LocalEndPoint, new PeerConnectionOptions(), TestContext.Current.CancellationToken);
        using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        peer.Shutdown();
        await connection.Ended.WaitAsync(s_patience);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_ends_the_connection()
    {
        var time = new FakeTimeProvider();
        var (connection, peer) = await SilentPeerAsync(new PeerConnectionOptions { Time = time });
        var first = SendAsync(connection, 1, 10, TimeSpan.FromSeconds(30));
        var second = SendAsync(connection, 2, 10, TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var late = await Assert.ThrowsAsync<IOException>(() => first.WaitAsync(s_patience));
        Assert.Contains("in time", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => second.WaitAsync(s_patience));
        peer.Dispose();
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_connection_to_the_others()
    {
        var tickets = new Tickets();
        var transport = new InMemoryTransport();
        await using var server = new TestServer(tickets.Begin, transport: transport);
        using var connection = await ConnectAsync(server, transport, new PeerConnectionOptions());
        using var cancelling = new CancellationTokenSource();
        var cancelled = connection.SendAsync(Request(1, 10), s_patience, cancelling.Token).AsTask();
        var kept = SendAsync(connection, 2, 10);
        var first = await tickets.NextAsync();
        var second = await tickets.NextAsync();
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(s_patience));
        first.Answer(EchoOf(first.Request));
        second.Answer(EchoOf(second.Request));
        Assert.Equal(10, (await kept.WaitAsync(s_patience)).Length);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task An_answer_of_impossible_size_ends_the_connection(int claimed)
    {
        var (connection, peer) = await SilentPeerAsync(new PeerConnectionOptions { MaxAnswerBytes = 1000 });
        var waiting = SendAsync(connection, 1, 10);
        await peer.SendRawAsync(TestClient.Size(claimed));
        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(s_patience));
        peer.Dispose();
    }

    [Fact]
    public async Task An_answer_to_another_question_ends_the_connection()
    {
        var (connection, peer) = await SilentPeerAsync(new PeerConnectionOptions());
        var waiting = SendAsync(connection, 1, 10);
        await peer.SendAsync([0, 0, 0, 77]);
        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(s_patience));
        peer.Dispose();
    }

    private static ITransport Transport(bool sockets) => sockets ? SocketTransport.Default : new InMemoryTransport(3000, 700);

    private static async Task<PeerConnection> ConnectAsync(TestServer server, ITransport transport, PeerConnectionOptions options) =>
        await PeerConnection.ConnectAsync(transport, server.Listeners.Bound[0].EndPoint, options, TestContext.Current.CancellationToken);

    private static async Task<(PeerConnection Connection, TestClient Peer)> SilentPeerAsync(PeerConnectionOptions options)
    {
        var transport = new InMemoryTransport();
        using var listener = transport.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var connection = await PeerConnection.ConnectAsync(transport, listener.LocalEndPoint, options, TestContext.Current.CancellationToken);
        return (connection, new TestClient(await listener.AcceptAsync(TestContext.Current.CancellationToken)));
    }

    // Key, version, correlation id, and then a body of one letter.
    private static ResponseFrame Request(byte letter, int length)
    {
        var request = ResponseFrame.Rent(8 + length);
        request.Body.Clear();
        request.Body[8..].Fill(letter);
        return request;
    }

    private static async Task<byte[]> SendAsync(PeerConnection connection, byte letter, int length, TimeSpan? timeout = null)
    {
        var answer = await connection.SendAsync(Request(letter, length), timeout ?? s_patience, TestContext.Current.CancellationToken);
        var body = answer.Memory[4..].ToArray();
        answer.Release();
        return body;
    }

    private static RequestTicket Answer(RequestFrame request) => new(EchoOf(request.Memory.Span));

    private static ResponseFrame EchoOf(ReadOnlySpan<byte> bytes)
    {
        var answer = ResponseFrame.Rent(bytes.Length - 4);
        BinaryPrimitives.WriteInt32BigEndian(answer.Body, BinaryPrimitives.ReadInt32BigEndian(bytes[4..]));
        bytes[8..].CopyTo(answer.Body[4..]);
        return answer;
    }
}
