using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Samsa.Fuzz.Live;

/// <summary>
/// One that behaves and wants to be served. Frames of administrators are among those that are sent: a quota of this address may keep new
/// connections out for good, so that one which is open is kept, and only whoever loses it comes again.
/// </summary>
internal sealed class Witness(IPEndPoint broker, TimeSpan patience) : IDisposable
{
    private GoodClient? _client = new(broker, patience);

    /// <summary>Checks, again and again until it succeeds or patience ends; null where it succeeded, else what is wrong.</summary>
    public string? CheckUntilWell(Action<GoodClient> check)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                check(_client ??= new GoodClient(broker, patience));
                return null;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Dispose();
                if (Stopwatch.GetElapsedTime(started) > patience)
                {
                    return $"the broker does not serve: {e.Message}";
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }
}
