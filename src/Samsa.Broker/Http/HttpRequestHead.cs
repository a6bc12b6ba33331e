using System.Buffers;
using System.Text;

namespace Samsa.Broker.Http;

/// <summary>What the admin listener needs to know of an HTTP request: its line, and whether the connection is to stay.</summary>
/// <param name="Method">GET, HEAD or something else.</param>
/// <param name="Path">The path without query.</param>
/// <param name="KeepAlive">Whether another request may follow on the connection.</param>
/// <param name="Length">Bytes of the head, blank line included.</param>
internal readonly record struct HttpRequestHead(string Method, string Path, bool KeepAlive, int Length)
{
    /// <summary>The longest head that is read.</summary>
    public const int MaxLength = 8192;

    /// <summary>Reads a request's head.</summary>
    /// <param name="received">What has come so far.</param>
    /// <param name="head">The head.</param>
    /// <returns>Done: the head is whole. NeedMoreData: it isn't yet. InvalidData: it never will be.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> received, out HttpRequestHead head)
    {
        head = default;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return received.Length < MaxLength ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
        }

        var text = Encoding.ASCII.GetString(received[..end]);
        var lines = text.Split("\r\n");
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, ['/', ..] target, ("HTTP/1.0" or "HTTP/1.1") and var version])
        {
            return OperationStatus.InvalidData;
        }

        var keepAlive = version == "HTTP/1.1";
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                return OperationStatus.InvalidData;
            }

            var name = line.AsSpan(0, colon);
            var value = line.AsSpan(colon + 1).Trim();
            if (name.Equals("connection", StringComparison.OrdinalIgnoreCase))
            {
                keepAlive = value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || (keepAlive && !value.Equals("close", StringComparison.OrdinalIgnoreCase));
            }
            else if ((name.Equals("content-length", StringComparison.OrdinalIgnoreCase) && value is not "0")
                || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase))
            {
                // Nobody reads a body here, so what follows could be mistaken for a request.
                keepAlive = false;
            }
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        head = new HttpRequestHead(method, query < 0 ? target : target[..query], keepAlive, end + 4);
        return OperationStatus.Done;
    }
}
