using System.Net;
using System.Net.Sockets;

namespace Samsa.Network;

/// <summary>Turns the host of a listener into the addresses to bind.</summary>
internal static class HostBinding
{
    private const int Attempts = 10;

    public static IReadOnlyList<IChannelListener> Bind(ListenerEndpoint endpoint, ITransport transport)
    {
        var addresses = AddressesOf(endpoint.Host);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return BindAll(addresses, endpoint.Port, transport);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && endpoint.Port == 0 && attempt < Attempts)
            {
                // The port that was free at the first address is taken at the second: pick another.
            }
        }
    }

    private static List<IChannelListener> BindAll(IPAddress[] addresses, int port, ITransport transport)
    {
        var bound = new List<IChannelListener>();
        try
        {
            foreach (var address in addresses)
            {
                try
                {
                    bound.Add(transport.Bind(new IPEndPoint(address, bound.Count > 0 ? bound[0].LocalEndPoint.Port : port)));
                }
                catch (SocketException notHere) when (bound.Count > 0 && IsMissing(notHere.SocketErrorCode))
                {
                    // A name may resolve to an address family that this machine has switched off. One that another process
                    // holds is an error: half of the clients would reach that process.
                }
            }

            return bound;
        }
        catch
        {
            bound.ForEach(b => b.Dispose());
            throw;
        }
    }

    private static bool IsMissing(SocketError error) =>
        error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported;

    private static IPAddress[] AddressesOf(string host)
    {
        if (host.Length == 0)
        {
            return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        }

        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        // Without a hosts file entry for ::1 the resolver knows only one of the two.
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        }

        return [.. Dns.GetHostAddresses(host).Distinct().OrderBy(a => a.AddressFamily != AddressFamily.InterNetwork)];
    }
}
