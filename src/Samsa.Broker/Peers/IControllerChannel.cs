using Samsa.Protocol;

namespace Samsa.Broker.Peers;

/// <summary>
/// Requests of this broker to the active controller, wherever that is: a call in the same process, a connection elsewhere.
/// </summary>
internal interface IControllerChannel
{
    /// <summary>
    /// Cancelled when the connection by which the active controller was last asked is over: it may be gone, and if not it would like to know
    /// that this broker is not. Never where the controller is in the same process.
    /// </summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// Sends a request to the active controller and waits for its answer, looking for the controller, and trying again
    /// where there is none or the connection breaks, until cancelled. So the request may take effect more than once.
    /// </summary>
    /// <remarks>
    /// A top-level NOT_CONTROLLER is not handed out: it means another try. Other errors are the caller's. What the
    /// answer says is true in the metadata log, and may reach this broker's image a little later.
    /// </remarks>
    ValueTask<TResponse> SendAsync<TResponse>(IRequest request, CancellationToken cancellationToken)
        where TResponse : class, IResponse;
}
