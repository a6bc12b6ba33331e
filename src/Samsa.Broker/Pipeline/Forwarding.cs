using System.Net;
using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>
/// Has requests that only the active controller can serve served by it, wherever it is (KIP-590): the client talks to any broker, and
/// the handler runs where the controller is. Neither knows.
/// </summary>
internal sealed class Forwarding(ControllerChannel controller, Func<bool> isActive, TimeSpan patience, TimeProvider time)
{
    /// <summary>Serves a request here or elsewhere.</summary>
    public async ValueTask<IResponse?> HandleAsync(ServedApi api, IRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (isActive() || api.StaysHere(request))
        {
            try
            {
                return await api.HandleAsync(request, context, cancellationToken);
            }
            catch (NotControllerException)
            {
                // Another one took over meanwhile.
            }
        }

        return await RelayAsync(api.Info, request, context, cancellationToken);
    }

    private async ValueTask<IResponse?> RelayAsync(ApiInfo info, IRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var envelope = new EnvelopeRequest
        {
            RequestData = context.Frame,
            ClientHostAddress = context.Connection.RemoteEndPoint is IPEndPoint client ? client.Address.GetAddressBytes() : [],
        };
        PeerAnswer<EnvelopeResponse> answer;
        try
        {
            answer = await controller.AskAsync<EnvelopeResponse>(envelope, limit.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Refuse(info, request, context, ErrorCode.RequestTimedOut, $"No controller answered within {patience.TotalSeconds:0} s.");
        }

        context.DisposeAfterAnswer(answer);
        if (answer.Response.ErrorCode != ErrorCode.None || answer.Response.ResponseData is not { } bytes)
        {
            // The envelope itself was refused: a controller of another release does not know what this broker does.
            var error = answer.Response.ErrorCode == ErrorCode.UnsupportedVersion ? ErrorCode.UnsupportedVersion : ErrorCode.UnknownServerError;
            return Refuse(info, request, context, error, "The controller does not take this request from a broker.");
        }

        var reader = new ProtocolReader(bytes);
        new ResponseHeader().Read(ref reader, info.ResponseHeaderVersion(context.ApiVersion));
        var response = info.NewResponse();
        response.Read(ref reader, context.ApiVersion);
        if (response is IThrottledResponse { ThrottleTimeMs: > 0 } throttled)
        {
            context.Throttle(throttled.ThrottleTimeMs);
        }

        return response;
    }

    private static IResponse Refuse(ApiInfo info, IRequest request, RequestContext context, ErrorCode error, string message) =>
        ErrorAnswers.Of(request, context.ApiVersion, error, message) ?? throw new ProtocolException($"{info}: {message}");
}
