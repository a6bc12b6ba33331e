using Samsa.Broker.Apis;
using Samsa.Broker.Metrics;
using Samsa.Broker.Quotas;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>Turns the frames of one connection into requests, has them served, and turns the answers into frames.</summary>
internal sealed class RequestSession(
    ConnectionInfo connection, ApiTable apis, BrokerMetrics metrics, ClientQuotas quotas, TimeProvider time, CancellationToken stopping) : IRequestSession
{
    /// <summary>Told the number of the connection when it is over.</summary>
    public Action<long>? Ended { get; init; }

    /// <inheritdoc/>
    public RequestTicket Begin(RequestFrame frame)
    {
        var started = time.GetTimestamp();
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
        var context = new RequestContext(connection, version, header.ClientId ?? "") { Frame = frame.Memory };
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

        if (quotas.LimitRequests)
        {
            context.Throttle(quotas.Worked(context.ClientId, time.GetElapsedTime(started), isTooLate: false));
        }

        if (!answer.IsCompletedSuccessfully)
        {
            return new RequestTicket(FinishAsync(api, header.CorrelationId, context, answer, started), api.NextMayStart, TimeSpan.Zero);
        }

#pragma warning disable VSTHRD002 // It is complete: nothing waits here.
        var response = Finish(api, header.CorrelationId, context, answer.GetAwaiter().GetResult(), started);
#pragma warning restore VSTHRD002
        return response is null && context.ThrottleMs > 0
            ? new RequestTicket(default, nextMayStart: false, TimeSpan.FromMilliseconds(context.ThrottleMs))
            : new RequestTicket(response);
    }

    /// <inheritdoc/>
    public void Dispose() => Ended?.Invoke(connection.Id);

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
            return response is null ? null : Encode(response, api, context, correlationId);
        }
        finally
        {
            context.Release();
            metrics.RequestServed(api.Info.Name, time.GetElapsedTime(started));
        }
    }

    private ResponseFrame Encode(IResponse response, ServedApi api, RequestContext context, int correlationId)
    {
        if (context.ThrottleMs > 0 && response is IThrottledResponse throttled)
        {
            throttled.ThrottleTimeMs = context.ThrottleMs;
        }

        var began = time.GetTimestamp();
        var frame = Encode(response, context.ApiVersion, api.Info.ResponseHeaderVersion(context.ApiVersion), correlationId);
        frame.MuteAfter = TimeSpan.FromMilliseconds(context.ThrottleMs);
        if (quotas.LimitRequests)
        {
            quotas.Worked(context.ClientId, time.GetElapsedTime(began), isTooLate: true);
        }

        return frame;
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
