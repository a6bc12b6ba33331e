using System.Globalization;
using System.Net;

namespace Samsa.Broker.Configuration;

/// <summary>The address in <c>samsa.admin.listener</c>.</summary>
/// <param name="Host">Host name or address; * = every address.</param>
/// <param name="Port">TCP port; 0 = any free one.</param>
public sealed record AdminAddress(string Host, int Port)
{
    /// <summary>Reads <c>http://HOST:PORT</c>.</summary>
    public static bool TryParse(string text, out AdminAddress? address)
    {
        address = null;
        const string Scheme = "http://";
        var rest = text.TrimEnd('/');
        if (!rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        rest = rest[Scheme.Length..];
        var colon = rest.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = rest[..colon];
        host = host is "+" or "0.0.0.0" or "[::]" ? "*" : host.Trim('[', ']');
        if (host != "*" && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        address = new AdminAddress(host, port);
        return true;
    }

    /// <summary>What is wrong with a value of the setting, or null.</summary>
    internal static string? FindProblem(string text) =>
        text.Length == 0 || TryParse(text, out _) ? null : "Address must look like http://127.0.0.1:9644";

    /// <inheritdoc/>
    public override string ToString() => IPAddress.TryParse(Host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
        ? $"http://[{Host}]:{Port}"
        : $"http://{Host}:{Port}";
}
