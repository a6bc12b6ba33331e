using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>An API this broker serves: its versions, and how a request becomes an answer.</summary>
internal sealed class ServedApi
{
    private readonly Func<IRequest, RequestContext, CancellationToken, ValueTask<IResponse?>> _handle;

    private ServedApi(ApiInfo info, short minVersion, short maxVersion, Func<IRequest, RequestContext, CancellationToken, ValueTask<IResponse?>> handle)
    {
        Info = info;
        MinVersion = minVersion;
        MaxVersion = maxVersion;
        _handle = handle;
    }

    /// <summary>What the protocol says of it.</summary>
    public ApiInfo Info { get; }

    /// <summary>The lowest version answered.</summary>
    public short MinVersion { get; }

    /// <summary>The highest version answered.</summary>
    public short MaxVersion { get; }

    /// <summary>The lowest version advertised; lower than <see cref="MinVersion"/> only where a client insists (KAFKA-18659).</summary>
    public short AdvertisedMinVersion { get; init; } = -1;

    /// <summary>
    /// Whether the next request of the connection may begin before this one is answered. Only for APIs whose effect is
    /// complete when the handler first waits, so that order is kept.
    /// </summary>
    public bool NextMayStart { get; init; }

    /// <summary>Whether it shows up in the answer to ApiVersions.</summary>
    public bool IsAdvertised { get; init; } = true;

    /// <summary>Serves every version that the protocol defines.</summary>
    public static ServedApi All<TRequest, TResponse>(ApiKey key, IApi<TRequest, TResponse> api)
        where TRequest : class, IRequest
        where TResponse : class, IResponse
    {
        var info = ApiCatalog.Get(key);
        return Range(key, info.MinVersion, info.MaxVersion, api);
    }

    /// <summary>Serves some of the versions that the protocol defines.</summary>
    public static ServedApi Range<TRequest, TResponse>(
        ApiKey key, short minVersion, short maxVersion, IApi<TRequest, TResponse> api, short advertisedMinVersion = -1, bool nextMayStart = false)
        where TRequest : class, IRequest
        where TResponse : class, IResponse
    {
        return new ServedApi(ApiCatalog.Get(key), minVersion, maxVersion, HandleAsync)
        {
            AdvertisedMinVersion = advertisedMinVersion >= 0 ? advertisedMinVersion : minVersion,
            NextMayStart = nextMayStart,
        };

        ValueTask<IResponse?> HandleAsync(IRequest request, RequestContext context, CancellationToken cancellationToken)
        {
            var answer = api.HandleAsync((TRequest)request, context, cancellationToken);
#pragma warning disable VSTHRD002, VSTHRD103 // It is complete: nothing waits here.
            return answer.IsCompletedSuccessfully ? new(answer.GetAwaiter().GetResult()) : WaitAsync(answer);
#pragma warning restore VSTHRD002, VSTHRD103
        }

        static async ValueTask<IResponse?> WaitAsync(ValueTask<TResponse?> answer) => await answer;
    }

    /// <summary>Answers one request.</summary>
    public ValueTask<IResponse?> HandleAsync(IRequest request, RequestContext context, CancellationToken cancellationToken) =>
        _handle(request, context, cancellationToken);
}

/// <summary>The APIs a broker serves, by key.</summary>
internal sealed class ApiTable(IEnumerable<ServedApi> apis)
{
    private readonly Dictionary<short, ServedApi> _apis = apis.ToDictionary(a => (short)a.Info.Key);

    /// <summary>All of them, by key.</summary>
    public IEnumerable<ServedApi> All => _apis.Values.OrderBy(a => a.Info.Key);

    /// <summary>The API of a key, or null.</summary>
    public ServedApi? Find(short key) => _apis.GetValueOrDefault(key);
}
