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

    /// <summary>A port on 127.0.0.1 that nobody listens on now.</summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int port = Random.Shared.Next(Lowest, Highest);
            if (IsFree(port))
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
}
