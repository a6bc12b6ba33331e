using System.Globalization;
using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Cli.Clusters;

/// <summary>A connection to any broker of a running cluster; what only the controller can do the broker passes on.</summary>
internal sealed class ClusterConnection : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly IPeerChannel _broker;

    /// <param name="bootstrap">HOST:PORT of a broker.</param>
    /// <exception cref="IOException">It is no such thing.</exception>
    public ClusterConnection(string bootstrap)
    {
        var colon = bootstrap.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(bootstrap.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new IOException($"'{bootstrap}' is not the HOST:PORT of a broker");
        }

        _broker = new PeerNetwork(new PeerNetworkOptions { ClientId = "samsa-cluster" }).Open(new PeerAddress(bootstrap[..colon], port));
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="IOException">Nobody answered.</exception>
    public async Task<TResponse> AskAsync<TResponse>(IRequest request)
        where TResponse : class, IResponse
    {
        using var answer = await _broker.SendAsync<TResponse>(request, s_patience, CancellationToken.None);
        return answer.Response;
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
}
