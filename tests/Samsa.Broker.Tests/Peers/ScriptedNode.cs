using System.Net;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Peers;

/// <summary>A node that serves one API in versions of the test's choice, over a transport in memory.</summary>
internal sealed class ScriptedNode : IConnectionHandler, IAsyncDisposable
{
    private readonly ApiVersionsResponse _serves;
    private readonly Func<IRequest, short, IResponse> _answer;
    private readonly Listeners _listeners;
    private int _connections;

    public ScriptedNode(ITransport transport, ApiKey key, short min, short max, Func<IRequest, short, IResponse> answer, int port = 0)
    {
        _serves = new ApiVersionsResponse
        {
            ApiKeys = [new() { ApiKey = (short)key, MinVersion = min, MaxVersion = max }, new() { ApiKey = 18, MinVersion = 0, MaxVersion = 4 }],
        };
        _answer = answer;
        _listeners = Listeners.Bind([new ListenerEndpoint("X", "127.0.0.1", port)], new NetworkOptions(), new NetworkServices { Transport = transport });
        _listeners.Start(this);
    }

    public int Port => _listeners.Bound[0].EndPoint.Port;

    public int Connections => Volatile.Read(ref _connections);

    public string? LastClientId { get; private set; }

    public IRequestSession Open(ConnectionInfo info)
    {
        Interlocked.Increment(ref _connections);
        return new Session(this);
    }

    public ValueTask DisposeAsync() => _listeners.DisposeAsync();

    private RequestTicket Begin(RequestFrame frame)
    {
        Assert.True(RequestHeader.TryPeek(frame.Memory.Span, out var key, out var version));
        var info = ApiCatalog.Get((ApiKey)key);
        var reader = new ProtocolReader(frame.Memory);
        var header = new RequestHeader();
        header.Read(ref reader, info.RequestHeaderVersion(version));
        LastClientId = header.ClientId;
        var request = info.NewRequest();
        request.Read(ref reader, version);
        var response = request is ApiVersionsRequest ? _serves : _answer(request, version);
        var responseHeader = new ResponseHeader { CorrelationId = header.CorrelationId };
        var headerVersion = info.ResponseHeaderVersion(version);
        var answer = ResponseFrame.Rent(responseHeader.ComputeSize(headerVersion) + response.ComputeSize(version));
        var writer = new ProtocolWriter(answer.Body);
        responseHeader.Write(ref writer, headerVersion);
        response.Write(ref writer, version);
        return new RequestTicket(answer);
    }

    private sealed class Session(ScriptedNode node) : IRequestSession
    {
        public RequestTicket Begin(RequestFrame frame) => node.Begin(frame);

        public void Dispose()
        {
        }
    }
}
