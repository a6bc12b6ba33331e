using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Cli.Clusters;

/// <summary>
/// The way to a running cluster, through any of its brokers; what only the controller can do the broker passes on. A broker that is restarted,
/// or stands still, is left for another one: for those that were given, and all that the first answer names.
/// </summary>
internal sealed class ClusterConnection : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly PeerNetwork _network = new(new PeerNetworkOptions { ClientId = "samsa-cluster" });
    private readonly List<PeerAddress> _brokers;
    private readonly TimeSpan _patience;
    private IPeerChannel _broker;
    private bool _knowsAll;

    /// <param name="bootstrap">HOST:PORT of a broker, or of several with commas between them.</param>
    /// <param name="patience">How long brokers are asked for one answer. Each is given a third of it before another one is asked.</param>
    /// <exception cref="IOException">It is no such thing.</exception>
    public ClusterConnection(string bootstrap, TimeSpan patience)
    {
        _brokers = [.. bootstrap.Split(',', StringSplitOptions.TrimEntries).Select(Parse).Distinct()];
        _patience = patience;
        _broker = _network.Open(_brokers[0]);
    }

    /// <summary>Sends a request and waits for its answer, of whichever broker gives one. So the request may take effect more than once.</summary>
    /// <exception cref="IOException">Nobody answered, or nobody listens at any of the addresses given.</exception>
    public async Task<TResponse> AskAsync<TResponse>(IRequest request)
        where TResponse : class, IResponse
    {
        if (!_knowsAll)
        {
            var known = await TryAllAsync<MetadataResponse>(new MetadataRequest { Topics = [], AllowAutoTopicCreation = false });
            _brokers.AddRange(known.Brokers.Select(b => new PeerAddress(b.Host, b.Port)).Except(_brokers).ToArray());
            _knowsAll = true;
        }

        return await TryAllAsync<TResponse>(request);
    }

    /// <summary>All topics.</summary>
    public Task<MetadataResponse> MetadataAsync() =>
        AskAsync<MetadataResponse>(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false });

    /// <exception cref="IOException">The answer is an error.</exception>
    public static void Check(ErrorCode error, string? message)
    {
        if (error != ErrorCode.None)
        {
            throw new IOException(Say(error, message));
        }
    }

    /// <summary>An error in words.</summary>
    public static string Say(ErrorCode error, string? message) => $"{error.Describe().Name}, {message ?? error.Describe().Text}";

    public void Dispose() => _broker.Dispose();

    private async Task<TResponse> TryAllAsync<TResponse>(IRequest request)
        where TResponse : class, IResponse
    {
        var started = Stopwatch.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var answer = await _broker.SendAsync<TResponse>(request, _patience / 3, CancellationToken.None);
                return answer.Response;
            }
            catch (IOException e) when (Stopwatch.GetElapsedTime(started) < _patience && (_knowsAll || tries < _brokers.Count || e.InnerException is not SocketException))
            {
                // It goes down, or comes up. An address where nobody ever listened, however, is more likely mistyped.
                Turn();
                await Task.Delay(tries < _brokers.Count ? TimeSpan.Zero : s_pause);
            }
        }
    }

    private void Turn()
    {
        var next = _brokers[(_brokers.IndexOf(_broker.Address) + 1) % _brokers.Count];
        _broker.Dispose();
        _broker = _network.Open(next);
    }

    private static PeerAddress Parse(string broker)
    {
        var colon = broker.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(broker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new PeerAddress(broker[..colon], port)
            : throw new IOException($"'{broker}' is not the HOST:PORT of a broker");
    }
}
