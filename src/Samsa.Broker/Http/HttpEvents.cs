using System.Net;
using Microsoft.Extensions.Logging;

namespace Samsa.Broker.Http;

/// <summary>Everything the admin listener says.</summary>
internal static partial class HttpEvents
{
    [LoggerMessage(1, LogLevel.Information, "Metrics and health are served at http://{EndPoint}")]
    public static partial void Started(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(2, LogLevel.Warning, "No metrics and health are served: {Problem}")]
    public static partial void LeftOut(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Warning, "The admin listener could not accept a connection: {Problem}; next try in a second")]
    public static partial void AcceptFailed(ILogger logger, string problem);
}
