using System.Net;
using System.Net.Sockets;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Server.Tests.Hostile;

/// <summary>
/// Peers of every kind of ill will. Each acts some ten times a second, which costs it little: what is asked is what it costs the broker. They can be called off and set on again.
/// </summary>
internal sealed class HostileCrowd : IAsyncDisposable
{
    private const int HeldConnections = 50;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);
    private readonly IPEndPoint _broker;
    private readonly string _largeTopic;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Socket> _held = new();
    private readonly Queue<Socket> _deaf = new();
    private readonly List<Task> _loops = [];
    private readonly byte[] _garbage = new byte[4096];
    private int _bombs;

    /// <summary>Gathers the crowd; it is quiet at first.</summary>
    /// <param name="broker">Whom it is after.</param>
    /// <param name="largeTopic">A topic with more in it than a socket takes.</param>
    public HostileCrowd(IPEndPoint broker, string largeTopic)
    {
        _broker = broker;
        _largeTopic = largeTopic;
        new Random(1).NextBytes(_garbage);
        _loops.Add(LoopAsync(() => ThrowAsync([0xff, 0xff, 0xff, 0xff, 1, 2, 3]), s_pace));
        _loops.Add(LoopAsync(() => ThrowAsync([0x7f, 0xff, 0xff, 0xff]), s_pace));
        _loops.Add(LoopAsync(() => ThrowAsync(_garbage), s_pace));
        _loops.Add(LoopAsync(() => ThrowAsync(HostileFrameTests.Sized([0x03, 0xe7, 0, 0, 0, 0, 0, 1, 0xff, 0xff])), s_pace));
        _loops.Add(LoopAsync(() => ThrowAsync(HostileFrameTests.Sized([0, 3, 0x7f, 0xff, 0, 0, 0, 1, 0xff, 0xff, 0])), s_pace));
        _loops.Add(LoopAsync(() => HoldAsync(_held, HeldConnections, [0, 0x10, 0, 0, 0, 0, 0, 9]), s_pace));
        _loops.Add(LoopAsync(TrickleAsync, s_pace));
        _loops.Add(LoopAsync(() => HoldAsync(_deaf, HeldConnections, FetchMuch()), s_pace));
        _loops.Add(LoopAsync(BombAsync, TimeSpan.FromSeconds(3)));
    }

    /// <summary>Whether it acts.</summary>
    public bool IsOn { get; set; }

    /// <summary>What it did.</summary>
    public int Attacks { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        foreach (var socket in _held.Concat(_deaf))
        {
            socket.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task LoopAsync(Func<Task> attack, TimeSpan pace)
    {
        using var timer = new PeriodicTimer(pace);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                if (!IsOn)
                {
                    continue;
                }

                try
                {
                    await attack();
                    Attacks++;
                }
                catch (SocketException)
                {
                    // The broker has had enough of us.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The crowd goes home.
        }
    }

    private async Task<Socket> ConnectAsync(ReadOnlyMemory<byte> bytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        try
        {
            await socket.ConnectAsync(_broker, _stopping.Token);
            await socket.SendAsync(bytes, _stopping.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ThrowAsync(byte[] bytes)
    {
        using var socket = await ConnectAsync(bytes);
        await socket.ReceiveAsync(new byte[16], _stopping.Token);
    }

    /// <summary>Sends, and neither goes nor reads; the eldest of many goes at last.</summary>
    private async Task HoldAsync(Queue<Socket> held, int most, byte[] bytes)
    {
        held.Enqueue(await ConnectAsync(bytes));
        if (held.Count > most)
        {
            held.Dequeue().Dispose();
        }
    }

    /// <summary>A byte more of a frame that will never be whole.</summary>
    private async Task TrickleAsync()
    {
        foreach (var socket in _held.ToArray())
        {
            await socket.SendAsync(new byte[1], _stopping.Token);
        }
    }

    private async Task BombAsync()
    {
        var codec = (_bombs++ % 3) switch { 0 => CompressionType.Gzip, 1 => CompressionType.Lz4, _ => CompressionType.Zstd };
        await ThrowAsync(WireClient.Frame(ProduceAndFetchTests.ProduceRequest("bombed", 1, Bombs.Of(codec)), 9, correlationId: 1));
    }

    private byte[] FetchMuch()
    {
        var request = ProduceAndFetchTests.FetchRequest(_largeTopic, 0, maxWaitMs: 0);
        request.MaxBytes = int.MaxValue;
        request.Topics[0].Partitions[0].PartitionMaxBytes = int.MaxValue;
        var frame = WireClient.Frame(request, 12, correlationId: 1);
        return [.. frame, .. frame, .. frame, .. frame];
    }
}
