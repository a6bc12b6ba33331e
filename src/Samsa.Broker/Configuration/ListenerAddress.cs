using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Samsa.Broker.Configuration;

/// <summary>One element of <c>listeners</c> or <c>advertised.listeners</c>.</summary>
/// <param name="Name">Listener name, upper case.</param>
/// <param name="Host">Host name or address without brackets; empty = every address.</param>
/// <param name="Port">TCP port; 0 = any free one.</param>
/// <param name="Protocol">What <c>listener.security.protocol.map</c> says of the name.</param>
public sealed record ListenerAddress(string Name, string Host, int Port, SecurityProtocol Protocol)
{
    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"{Name}://[{Host}]:{Port}" : $"{Name}://{Host}:{Port}";

    /// <summary>Reads <c>NAME://HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
    /// <param name="text">The element.</param>
    /// <param name="protocols">Listener names and what is spoken on them.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="problem">What is wrong with it.</param>
    internal static bool TryParse(
        string text,
        IReadOnlyDictionary<string, SecurityProtocol> protocols,
        [NotNullWhen(true)] out ListenerAddress? endpoint,
        [NotNullWhen(false)] out string? problem)
    {
        endpoint = null;
        problem = null;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3)
        {
            problem = $"'{text}' must look like PLAINTEXT://host:9092";
            return false;
        }

        var name = text[..scheme].ToUpperInvariant();
        var host = text[(scheme + 3)..colon];
        if (host is ['[', .. var inside, ']'])
        {
            host = inside;
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            problem = $"'{text}': an IPv6 address must stand in brackets";
            return false;
        }

        if (host.Length > 0 && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            problem = $"'{text}': '{host}' is no host name";
        }
        else if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            problem = $"'{text}': the port must be 0 to 65535";
        }
        else if (!protocols.TryGetValue(name, out var protocol))
        {
            problem = $"'{text}': listener.security.protocol.map has no entry for {name}";
        }
        else
        {
            endpoint = new ListenerAddress(name, host, port, protocol);
        }

        return problem is null;
    }

    /// <summary>Reads <c>listener.security.protocol.map</c>.</summary>
    /// <param name="text"><c>NAME:PROTOCOL,...</c></param>
    /// <param name="protocols">The map; names are upper case.</param>
    /// <returns>What is wrong with it, or null.</returns>
    internal static string? FindMapProblem(string text, out Dictionary<string, SecurityProtocol> protocols)
    {
        protocols = new(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.LastIndexOf(':');
            if (colon <= 0)
            {
                return $"'{entry}' must look like NAME:PLAINTEXT";
            }

            if (!TryParseProtocol(entry[(colon + 1)..].Trim(), out var protocol))
            {
                return $"'{entry}': the protocol must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL";
            }

            if (!protocols.TryAdd(entry[..colon].Trim().ToUpperInvariant(), protocol))
            {
                return $"'{entry}': the listener has another entry already";
            }
        }

        return null;
    }

    /// <summary>Kafka's name of a protocol.</summary>
    internal static bool TryParseProtocol(string text, out SecurityProtocol protocol)
    {
        SecurityProtocol? known = text.ToUpperInvariant() switch
        {
            "PLAINTEXT" => SecurityProtocol.Plaintext,
            "SSL" => SecurityProtocol.Ssl,
            "SASL_PLAINTEXT" => SecurityProtocol.SaslPlaintext,
            "SASL_SSL" => SecurityProtocol.SaslSsl,
            _ => null,
        };
        protocol = known.GetValueOrDefault();
        return known is not null;
    }
}

/// <summary>What is spoken below the Kafka protocol.</summary>
public enum SecurityProtocol : short
{
    /// <summary>Nothing.</summary>
    Plaintext = 0,

    /// <summary>TLS.</summary>
    Ssl = 1,

    /// <summary>SASL over nothing.</summary>
    SaslPlaintext = 2,

    /// <summary>SASL over TLS.</summary>
    SaslSsl = 3,
}
