using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
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

    /// <summary>
    /// Which requests a broker serves itself although the API is one that it passes on to the controller, for example those about its own loggers.
    /// </summary>
    public Func<IRequest, bool> StaysHere { get; private init; } = static _ => false;

    /// <summary>Whether a broker has the active controller serve it.</summary>
    public bool IsForwarded { get; private init; }

    /// <summary>Serves every version that the protocol defines.</summary>
    public static ServedApi All<TRequest, TResponse>(ApiKey key, IApi<TRequest, TResponse> api, Func<IRequest, bool>? staysHere = null)
        where TRequest : class, IRequest
        where TResponse : class, IResponse
    {
        var info = ApiCatalog.Get(key);
        return Range(key, info.MinVersion, info.MaxVersion, api, staysHere: staysHere);
    }

    /// <summary>Serves some of the versions that the protocol defines.</summary>
    public static ServedApi Range<TRequest, TResponse>(
        ApiKey key,
        short minVersion,
        short maxVersion,
        IApi<TRequest, TResponse> api,
        short advertisedMinVersion = -1,
        bool nextMayStart = false,
        Func<IRequest, bool>? staysHere = null)
        where TRequest : class, IRequest
        where TResponse : class, IResponse
    {
        return new ServedApi(ApiCatalog.Get(key), minVersion, maxVersion, HandleAsync)
        {
            AdvertisedMinVersion = advertisedMinVersion >= 0 ? advertisedMinVersion : minVersion,
            NextMayStart = nextMayStart,
            StaysHere = staysHere ?? (static _ => false),
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

    /// <summary>The same API on a broker, which has the active controller serve it (KIP-590).</summary>
    public ServedApi Forwarded(Forwarding forwarding) => new(
        Info, MinVersion, MaxVersion, (request, context, cancellationToken) => forwarding.HandleAsync(this, request, context, cancellationToken))
    {
        AdvertisedMinVersion = AdvertisedMinVersion,
        IsAdvertised = IsAdvertised,
        IsForwarded = true,
    };

    /// <summary>The same API on a controller, which refuses it with NOT_CONTROLLER while it is not the active one.</summary>
    public ServedApi WhereActive(Func<bool> isActive)
    {
        return new(Info, MinVersion, MaxVersion, HandleAsync) { AdvertisedMinVersion = AdvertisedMinVersion, IsAdvertised = IsAdvertised };

        async ValueTask<IResponse?> HandleAsync(IRequest request, RequestContext context, CancellationToken cancellationToken)
        {
            if (isActive())
            {
                try
                {
                    return await _handle(request, context, cancellationToken);
                }
                catch (NotControllerException)
                {
                    // Another one took over meanwhile.
                }
            }

            return NotController.Refusal(request, context.ApiVersion) ?? throw new ProtocolException($"this node is not the active controller, which alone serves {Info}");
        }
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
