using System.Net;
using System.Net.Sockets;

namespace Samsa.Interop.Processes;

/// <summary>Ports for servers that are killed and started again on the same port.</summary>
public static class FreePort
{
    // Below the range the kernel takes outgoing ports from: while the server is down, a client that keeps connecting to a port of that
    // range can be given the very port as its own, connect to itself, and keep the server from binding.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    // Controllers reach each other that far above the port they are given (samsa.quorum.port.offset).
    private const int QuorumPortOffset = 1_000;

    private static readonly HashSet<int> Given = [];

    /// <summary>A port on 127.0.0.1 that nobody listens on now, nor on the one a controller takes with it, and that was not given to anybody else.</summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int port = Random.Shared.Next(Lowest, Highest);
            if (IsFree(port) && IsFree(port + QuorumPortOffset) && TryGive(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"no free port between {Lowest} and {Highest}");
    }

    /// <summary>Whether nobody listens on a port of 127.0.0.1 now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool TryGive(int port)
    {
        lock (Given)
        {
            if (Given.Contains(port) || Given.Contains(port + QuorumPortOffset))
            {
                return false;
            }

            return Given.Add(port) && Given.Add(port + QuorumPortOffset);
        }
    }
}
