using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Samsa.Model;

namespace Samsa.Broker.Configuration;

/// <summary>One element of <c>controller.quorum.voters</c>.</summary>
/// <param name="Id">The controller's <c>node.id</c>.</param>
/// <param name="Host">Where its controller listener is reached: a name, or an address without brackets.</param>
/// <param name="Port">The port of that listener.</param>
public sealed record QuorumVoter(BrokerId Id, string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"{Id}@[{Host}]:{Port}" : $"{Id}@{Host}:{Port}";

    /// <summary>Reads <c>ID@HOST:PORT</c>.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out QuorumVoter? voter)
    {
        voter = null;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && TryParseAddress(text[(at + 1)..], out var host, out var port))
        {
            voter = new QuorumVoter(new BrokerId(id), host, port);
        }

        return voter is not null;
    }

    /// <summary>Reads <c>HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
    internal static bool TryParseAddress(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        port = 0;
        host = colon > 0 ? text[..colon].Trim('[', ']') : "";
        return host.Length > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
    }
}
