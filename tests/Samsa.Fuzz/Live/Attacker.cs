using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Fuzz.Live;

/// <summary>One connection after the other, each with a few frames of one kind of ill will.</summary>
internal sealed class Attacker(IPEndPoint broker, Corpus corpus, int seed)
{
    // Who may send these may rightly take a broker out of service.
    private static readonly HashSet<short> s_spared =
    [
        (short)ApiKey.ControlledShutdown, (short)ApiKey.UnregisterBroker, (short)ApiKey.BrokerHeartbeat, (short)ApiKey.BrokerRegistration,
        (short)ApiKey.AlterPartition, (short)ApiKey.Envelope,
    ];

    private readonly Random _random = new(seed);
    private readonly Mutator _mutator = new(new Random(seed));
    private readonly byte[] _answer = new byte[1 << 16];

    /// <summary>Connections made.</summary>
    public long Connections { get; private set; }

    /// <summary>Frames sent.</summary>
    public long Frames { get; private set; }

    /// <summary>Answers read and understood.</summary>
    public long Answers { get; private set; }

    /// <summary>What the broker did wrong; null where nothing.</summary>
    public string? Finding { get; private set; }

    /// <summary>Attacks until told to end, or until something is found.</summary>
    public void Run(CancellationToken end)
    {
        while (!end.IsCancellationRequested && Finding is null)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = 1000, ReceiveTimeout = 200 };
                socket.Connect(broker);
                Connections++;
                Attack(socket);
            }
            catch (SocketException)
            {
                // Closed, reset, refused for a while: as it should be.
            }
        }
    }

    private void Attack(Socket socket)
    {
        var kind = _random.Next(10);
        for (var frames = _random.Next(1, 30); frames > 0 && Finding is null; frames--)
        {
            switch (kind)
            {
                case 0:
                    Send(socket, Garbage());
                    break;
                case 1:
                    Send(socket, WithSize(Garbage()));
                    break;
                case 2:
                    // The size lies: too few bytes, too many, or none at all.
                    Send(socket, [.. Size(_random.Next(5) == 0 ? _random.Next(int.MinValue, 0) : _random.Next(1, 1 << 20)), .. Frame()]);
                    break;
                case 3:
                    // Asks and asks, and never reads.
                    Send(socket, WithSize(Frame()));
                    break;
                case 4:
                    var frame = WithSize(Frame());
                    Send(socket, frame.AsSpan(0, _random.Next(frame.Length)));
                    socket.Close(_random.Next(2));
                    return;
                default:
                    if (!Ask(socket, Frame()))
                    {
                        return;
                    }

                    break;
            }
        }
    }

    /// <summary>Sends a frame and reads the answer, if there is one in time. False where the connection is of no more use.</summary>
    private bool Ask(Socket socket, byte[] frame)
    {
        Send(socket, WithSize(frame));
        var got = 0;
        var size = int.MaxValue;
        while (got < 4 || got - 4 < size)
        {
            var read = socket.Receive(_answer, got, (int)Math.Min(_answer.Length, (uint)size + 4) - got, SocketFlags.None);
            if (read == 0)
            {
                return false;
            }

            got += read;
            size = got >= 4 ? BinaryPrimitives.ReadInt32BigEndian(_answer) : size;
            if (size > _answer.Length - 4)
            {
                return false;
            }
        }

        Check(frame, _answer.AsMemory(4, size));
        return true;
    }

    private void Check(byte[] frame, Memory<byte> answer)
    {
        if (!RequestHeader.TryPeek(frame, out var key, out var version) || !ApiCatalog.TryGet(key, out var api))
        {
            Finding = $"API key {key} was answered: {Convert.ToHexString(frame)}";
            return;
        }

        // A version of ApiVersions that is not served is answered in version 0 (KIP-35), and told from a good one by its error.
        var isOld = api.Key == ApiKey.ApiVersions && !api.Supports(version);
        try
        {
            var reader = new ProtocolReader(answer);
            new ResponseHeader().Read(ref reader, isOld ? (short)0 : api.ResponseHeaderVersion(version));
            api.NewResponse().Read(ref reader, isOld ? (short)0 : version);
            if (reader.Remaining == 0 && answer.Span[..4].SequenceEqual(frame.AsSpan(4, 4)))
            {
                Answers++;
                return;
            }
        }
        catch (ProtocolException)
        {
            // Told below.
        }

        Finding = $"{api.Name} {version} got an answer that cannot be read: {Convert.ToHexString(frame)} was answered with {Convert.ToHexString(answer.Span)}";
    }

    private byte[] Frame()
    {
        while (true)
        {
            var frame = _random.Next(4) == 0 ? corpus.Requests[_random.Next(corpus.Requests.Count)] : _mutator.Mutate(corpus.Requests);
            if (frame.Length < 2 || !s_spared.Contains(BinaryPrimitives.ReadInt16BigEndian(frame)))
            {
                return frame;
            }
        }
    }

    private byte[] Garbage()
    {
        var bytes = new byte[_random.Next(1, 2000)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        Frames++;
        while (bytes.Length > 0)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static byte[] WithSize(byte[] frame) => [.. Size(frame.Length), .. frame];

    private static byte[] Size(int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        return bytes;
    }
}
