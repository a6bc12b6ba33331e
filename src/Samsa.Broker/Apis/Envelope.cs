using System.Net;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// Envelope (KIP-590): a client's request to a broker, passed on byte for byte to the active controller, and answered as the client will
/// read it. Only requests that brokers pass on are taken out of one.
/// </summary>
[KafkaApi(ApiKey.Envelope)]
internal sealed class Envelope(ApiTable forwarded) : IApi<EnvelopeRequest, EnvelopeResponse>
{
    /// <inheritdoc/>
    public async ValueTask<EnvelopeResponse?> HandleAsync(EnvelopeRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (!RequestHeader.TryPeek(request.RequestData.Span, out var key, out var version) || forwarded.Find(key) is not { } api)
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        if (version < api.MinVersion || version > api.MaxVersion)
        {
            return new EnvelopeResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        }

        var (header, inner) = Read(api.Info, version, request.RequestData);
        var client = ClientOf(request.ClientHostAddress.Span, context.Connection.RemoteEndPoint);
        var asked = new RequestContext(context.Connection with { RemoteEndPoint = client }, version, header.ClientId ?? "")
        {
            Frame = request.RequestData,
        };
        try
        {
            var response = await api.HandleAsync(inner, asked, cancellationToken);
            return response is null
                ? new EnvelopeResponse { ErrorCode = ErrorCode.InvalidRequest }
                : new EnvelopeResponse { ResponseData = Write(api.Info, version, header.CorrelationId, response, asked.ThrottleMs) };
        }
        finally
        {
            asked.Release();
        }
    }

    private static (RequestHeader Header, IRequest Request) Read(ApiInfo info, short version, ReadOnlyMemory<byte> bytes)
    {
        var reader = new ProtocolReader(bytes);
        var header = new RequestHeader();
        header.Read(ref reader, info.RequestHeaderVersion(version));
        var request = info.NewRequest();
        request.Read(ref reader, version);
        return (header, request);
    }

    private static byte[] Write(ApiInfo info, short version, int correlationId, IResponse response, int throttleMs)
    {
        if (throttleMs > 0 && response is IThrottledResponse throttled)
        {
            throttled.ThrottleTimeMs = throttleMs;
        }

        var header = new ResponseHeader { CorrelationId = correlationId };
        var headerVersion = info.ResponseHeaderVersion(version);
        var bytes = new byte[header.ComputeSize(headerVersion) + response.ComputeSize(version)];
        var writer = new ProtocolWriter(bytes);
        header.Write(ref writer, headerVersion);
        response.Write(ref writer, version);
        return bytes;
    }

    private static EndPoint ClientOf(ReadOnlySpan<byte> address, EndPoint broker) =>
        address.Length is 4 or 16 ? new IPEndPoint(new IPAddress(address), 0) : broker;
}
