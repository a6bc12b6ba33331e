using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>Serves one API of the protocol.</summary>
internal interface IApi<in TRequest, TResponse>
    where TRequest : class, IRequest
    where TResponse : class, IResponse
{
    /// <summary>Answers one request.</summary>
    /// <returns>The answer; null where the client asked for none.</returns>
    ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context, CancellationToken cancellationToken);
}

/// <summary>Marks the class that serves an API; the class has the API's name.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KafkaApiAttribute(ApiKey key) : Attribute
{
    /// <summary>Which API.</summary>
    public ApiKey Key { get; } = key;
}
