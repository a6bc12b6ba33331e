namespace Samsa.Broker.Configuration;

/// <summary>The listener settings, read together.</summary>
/// <param name="Listeners">Where to bind.</param>
/// <param name="Advertised">What clients are told; a host that is empty stands for this machine's name.</param>
/// <param name="InterBrokerName">The listener other brokers use.</param>
internal sealed record ListenerPlan(
    IReadOnlyList<ListenerAddress> Listeners, IReadOnlyList<ListenerAddress> Advertised, string InterBrokerName)
{
    /// <summary>Reads and checks them.</summary>
    public static ListenerPlan Read(BrokerConfig config, List<ConfigError> errors)
    {
        var report = new Report(config, errors);
        var protocols = ReadProtocols(config, report);
        var listeners = ReadEndpoints(ListenerConfigs.Listeners, config.Get(ListenerConfigs.Listeners), protocols, report);
        RefuseSharedPorts(listeners, report);

        var given = config.Get(ListenerConfigs.AdvertisedListeners);
        var controllers = config.Get(ListenerConfigs.ControllerListenerNames);
        List<ListenerAddress> advertised = given is null
            ? [.. listeners]
            : ReadEndpoints(ListenerConfigs.AdvertisedListeners, given, protocols, report);
        if (given is not null)
        {
            CheckAdvertised(advertised, listeners, report);
        }

        // A controller's listener may be advertised (KIP-853), though not to clients.
        advertised.RemoveAll(l => controllers.Contains(l.Name, StringComparer.OrdinalIgnoreCase));
        return new ListenerPlan(listeners, advertised, FindInterBrokerName(config, listeners, report));
    }

    private static Dictionary<string, SecurityProtocol> ReadProtocols(BrokerConfig config, Report report)
    {
        var key = ListenerConfigs.ListenerSecurityProtocolMap;
        if (ListenerAddress.FindMapProblem(config.Get(key), out var protocols) is { } problem)
        {
            report.Add(key, config.Get(key), problem);
        }

        // KIP-866: unless the map was given, controller listeners are plaintext.
        if (!config.IsGiven(key))
        {
            foreach (var name in config.Get(ListenerConfigs.ControllerListenerNames))
            {
                protocols.TryAdd(name.ToUpperInvariant(), SecurityProtocol.Plaintext);
            }
        }

        return protocols;
    }

    private static List<ListenerAddress> ReadEndpoints(
        ConfigKey key, IReadOnlyList<string> texts, Dictionary<string, SecurityProtocol> protocols, Report report)
    {
        var endpoints = new List<ListenerAddress>();
        foreach (var text in texts)
        {
            if (!ListenerAddress.TryParse(text, protocols, out var endpoint, out var problem))
            {
                report.Add(key, string.Join(',', texts), problem);
            }
            else if (endpoints.Exists(e => e.Name == endpoint.Name))
            {
                report.Add(key, string.Join(',', texts), $"listener {endpoint.Name} occurs twice");
            }
            else
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints;
    }

    private static void RefuseSharedPorts(List<ListenerAddress> listeners, Report report)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // One IPv4 and one IPv6 address may share a port (KIP-797); so may two addresses of this machine.
                if (listeners[i].Port != 0 && listeners[i].Port == listeners[j].Port
                    && (listeners[i].Host == listeners[j].Host || IsEveryAddress(listeners[i].Host) || IsEveryAddress(listeners[j].Host)))
                {
                    report.Add(ListenerConfigs.Listeners, string.Join(',', listeners), $"{listeners[j].Name} and {listeners[i].Name} share port {listeners[i].Port}");
                }
            }
        }
    }

    private static void CheckAdvertised(List<ListenerAddress> advertised, List<ListenerAddress> listeners, Report report)
    {
        var key = ListenerConfigs.AdvertisedListeners;
        foreach (var endpoint in advertised)
        {
            if (endpoint.Host is "0.0.0.0" or "::")
            {
                report.Add(key, endpoint.ToString(), "clients can't connect to an address that means every address");
            }

            if (!listeners.Exists(l => l.Name == endpoint.Name))
            {
                report.Add(key, endpoint.ToString(), $"listeners has no {endpoint.Name}");
            }
        }
    }

    private static string FindInterBrokerName(BrokerConfig config, List<ListenerAddress> listeners, Report report)
    {
        var name = config.Get(ListenerConfigs.InterBrokerListenerName);
        if (name is null)
        {
            return config.Get(ListenerConfigs.SecurityInterBrokerProtocol);
        }

        if (config.IsGiven(ListenerConfigs.SecurityInterBrokerProtocol))
        {
            report.Add(ListenerConfigs.InterBrokerListenerName, name, "may not be set together with security.inter.broker.protocol");
        }
        else if (!listeners.Exists(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            report.Add(ListenerConfigs.InterBrokerListenerName, name, $"listeners has no {name}");
        }

        return name.ToUpperInvariant();
    }

    private static bool IsEveryAddress(string host) => host is "" or "0.0.0.0" or "::";

    private readonly record struct Report(BrokerConfig Config, List<ConfigError> Errors)
    {
        public void Add(ConfigKey key, string value, string problem) =>
            Errors.Add(new ConfigError(key.Name, value, Config.OriginOf(key), problem, "", null));
    }
}
