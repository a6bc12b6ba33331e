using System.Runtime.InteropServices;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Peers;

/// <summary>A connection to a node of which is known what it serves (KIP-35).</summary>
internal sealed class PeerLink : IDisposable
{
    // The oldest version with names of software (KIP-511), which every node of a cluster knows.
    private const short ApiVersionsVersion = 3;
    private static readonly string s_version = typeof(PeerLink).Assembly.GetName().Version?.ToString(3) ?? "0";
    private readonly PeerConnection _connection;
    private readonly string _clientId;
    private readonly Dictionary<short, VersionRange> _served = [];

    private PeerLink(PeerConnection connection, string clientId)
    {
        _connection = connection;
        _clientId = clientId;
    }

    /// <summary>Whether requests may be sent.</summary>
    public bool IsOpen => _connection.IsOpen;

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended => _connection.Broken;

    /// <summary>Asks a node what it serves.</summary>
    /// <exception cref="IOException">It does not say.</exception>
    public static async ValueTask<PeerLink> BeginAsync(
        PeerConnection connection, string clientId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var link = new PeerLink(connection, clientId);
        var asking = new ApiVersionsRequest { ClientSoftwareName = "samsa", ClientSoftwareVersion = s_version };
        using var answer = await link.SendAsync<ApiVersionsResponse>(asking, ApiVersionsVersion, timeout, cancellationToken);
        if (answer.Response.ErrorCode != ErrorCode.None)
        {
            throw new IOException($"The peer answers ApiVersions with {answer.Response.ErrorCode}");
        }

        foreach (var api in answer.Response.ApiKeys)
        {
            link._served[api.ApiKey] = new VersionRange(api.MinVersion, api.MaxVersion);
        }

        return link;
    }

    /// <summary>Sends a request in the newest version that both sides know.</summary>
    /// <exception cref="IOException">There is no such version, or the connection broke.</exception>
    public ValueTask<PeerAnswer<TResponse>> SendAsync<TResponse>(IRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        var info = ApiCatalog.Get(request.ApiKey);
        if (!_served.TryGetValue((short)request.ApiKey, out var served) || served.Max < info.MinVersion || served.Min > info.MaxVersion)
        {
            return ValueTask.FromException<PeerAnswer<TResponse>>(new IOException($"The peer serves no version of {info} that is known here"));
        }

        return SendAsync<TResponse>(request, Math.Min(served.Max, info.MaxVersion), timeout, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async ValueTask<PeerAnswer<TResponse>> SendAsync<TResponse>(
        IRequest request, short version, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse
    {
        var answer = await _connection.SendAsync(Encode(request, version), timeout, cancellationToken);
        try
        {
            var info = ApiCatalog.Get(request.ApiKey);
            return new PeerAnswer<TResponse>((TResponse)Decode(info, version, answer.Memory), new Hold(answer));
        }
        catch (ProtocolException e)
        {
            answer.Release();
            _connection.Dispose();
            throw new IOException($"The peer's answer cannot be read: {e.Message}", e);
        }
    }

    private ResponseFrame Encode(IRequest request, short version)
    {
        var headerVersion = ApiCatalog.Get(request.ApiKey).RequestHeaderVersion(version);
        var header = new RequestHeader { ApiKey = (short)request.ApiKey, ApiVersion = version, ClientId = _clientId };
        var frame = ResponseFrame.Rent(header.ComputeSize(headerVersion) + request.ComputeSize(version));
        try
        {
            var writer = new ProtocolWriter(frame.Body);
            header.Write(ref writer, headerVersion);
            request.Write(ref writer, version);
            return frame;
        }
        catch
        {
            frame.Release();
            throw;
        }
    }

    private static IResponse Decode(ApiInfo info, short version, ReadOnlyMemory<byte> answer)
    {
        var reader = new ProtocolReader(answer);
        new ResponseHeader().Read(ref reader, info.ResponseHeaderVersion(version));
        var response = info.NewResponse();
        response.Read(ref reader, version);
        return response;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct VersionRange(short Min, short Max);

    private sealed class Hold(RequestFrame frame) : IDisposable
    {
        private RequestFrame? _frame = frame;

        public void Dispose() => Interlocked.Exchange(ref _frame, null)?.Release();
    }
}
