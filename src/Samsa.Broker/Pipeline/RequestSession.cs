using System.Diagnostics;
using Samsa.Broker.Apis;
using Samsa.Broker.Metrics;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>Turns the frames of one connection into requests, has them served, and turns the answers into frames.</summary>
internal sealed class RequestSession(ConnectionInfo connection, ApiTable apis, BrokerMetrics metrics, CancellationToken stopping) : IRequestSession
{
    /// <inheritdoc/>
    public RequestTicket Begin(RequestFrame frame)
    {
        var started = Stopwatch.GetTimestamp();
        var reader = new ProtocolReader(frame.Memory);
        if (!RequestHeader.TryPeek(frame.Memory.Span, out var key, out var version))
        {
            throw new ProtocolException($"a request of {frame.Length} bytes has no header");
        }

        var api = apis.Find(key) ?? throw new ProtocolException($"API key {key} is not served here");
        if (version < api.MinVersion || version > api.MaxVersion)
        {
            return Refuse(api, version, ref reader);
        }

        var header = new RequestHeader();
        header.Read(ref reader, api.Info.RequestHeaderVersion(version));
        var request = api.Info.NewRequest();
        request.Read(ref reader, version);
        var context = new RequestContext(connection, version, header.ClientId ?? "");
        ValueTask<IResponse?> answer;
        try
        {
            answer = api.HandleAsync(request, context, stopping);
        }
        catch
        {
            context.Release();
            throw;
        }

#pragma warning disable VSTHRD002 // It is complete: nothing waits here.
        return answer.IsCompletedSuccessfully
            ? new RequestTicket(Finish(api, header.CorrelationId, context, answer.GetAwaiter().GetResult(), started))
            : new RequestTicket(FinishAsync(api, header.CorrelationId, context, answer, started), api.NextMayStart, TimeSpan.Zero);
#pragma warning restore VSTHRD002
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // KIP-35: ApiVersions itself answers any version, in version 0, so that a newer client can find a common one.
    private static RequestTicket Refuse(ServedApi api, short version, ref ProtocolReader reader)
    {
        if (api.Info.Key != ApiKey.ApiVersions)
        {
            throw new ProtocolException($"{api.Info.Name} version {version} is not served here, only {api.MinVersion} to {api.MaxVersion}");
        }

        var header = new RequestHeader();
        header.Read(ref reader, 1);
        return new RequestTicket(Encode(ApiVersions.Unsupported(api), 0, 0, header.CorrelationId));
    }

    private async ValueTask<ResponseFrame?> FinishAsync(
        ServedApi api, int correlationId, RequestContext context, ValueTask<IResponse?> answer, long started)
    {
        IResponse? response;
        try
        {
            response = await answer;
        }
        catch
        {
            context.Release();
            throw;
        }

        return Finish(api, correlationId, context, response, started);
    }

    private ResponseFrame? Finish(ServedApi api, int correlationId, RequestContext context, IResponse? response, long started)
    {
        try
        {
            return response is null
                ? null
                : Encode(response, context.ApiVersion, api.Info.ResponseHeaderVersion(context.ApiVersion), correlationId);
        }
        finally
        {
            context.Release();
            metrics.RequestServed(api.Info.Name, Stopwatch.GetElapsedTime(started));
        }
    }

    // The size is known before the first byte is written, and records are read from their files straight into the frame.
    private static ResponseFrame Encode(IResponse response, short version, short headerVersion, int correlationId)
    {
        var header = new ResponseHeader { CorrelationId = correlationId };
        var size = header.ComputeSize(headerVersion) + response.ComputeSize(version);
        var frame = ResponseFrame.Rent(size);
        try
        {
            var writer = new ProtocolWriter(frame.Body);
            header.Write(ref writer, headerVersion);
            response.Write(ref writer, version);
            Invariant.Holds(writer.Written == size);
            return frame;
        }
        catch
        {
            frame.Release();
            throw;
        }
    }
}
