namespace Samsa.Broker.Configuration;

/// <summary>Lays the sources over each other, reads every value, and collects all that is wrong.</summary>
internal sealed class ConfigLoader
{
    private readonly Dictionary<string, (string Text, string Origin)> _given = [];
    private readonly Dictionary<string, ConfigSetting> _settings = [];
    private readonly SortedSet<string> _retired = new(StringComparer.Ordinal);

    /// <summary>What is wrong so far.</summary>
    public List<ConfigError> Errors { get; } = [];

    /// <summary>The settings that could be read.</summary>
    public IReadOnlyDictionary<string, ConfigSetting> Settings => _settings;

    /// <summary>Reads all sources.</summary>
    public void Read(BrokerConfigSources sources)
    {
        ReadProperties(sources);
        ReadEnvironment(sources.Environment);
        ReadOptions(sources);
        foreach (var (name, (text, origin)) in _given.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ReadValue(name, text, origin);
        }

        TakeBrokerIdForNodeId();
    }

    /// <summary>One line that names what was accepted without effect; null where nothing was.</summary>
    public string? FindWarning()
    {
        var reasons = _settings.Values.Where(s => s.Key.Ignored is not null)
            .GroupBy(s => s.Key.Ignored!, s => s.Name)
            .Select(g => $"{string.Join(", ", g)} ({g.Key})")
            .ToList();
        if (_retired.Count > 0)
        {
            reasons.Add($"{string.Join(", ", _retired)} (of older Kafka releases or plug-ins)");
        }

        return reasons.Count == 0 ? null : $"settings accepted without effect: {string.Join("; ", reasons)}";
    }

    private void ReadProperties(BrokerConfigSources sources)
    {
        var text = sources.PropertiesText;
        var file = sources.PropertiesFile;
        if (file is not null)
        {
            try
            {
                text = File.ReadAllText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Errors.Add(new ConfigError("--config", file, "command line", $"can't be read: {e.Message}", "", null));
                return;
            }
        }

        foreach (var entry in PropertiesFile.Parse(text ?? ""))
        {
            _given[entry.Name] = (entry.Value, $"{(file is null ? "properties" : Path.GetFileName(file))} line {entry.Line}");
        }
    }

    private void ReadEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        var known = variables.Count == 0 ? [] : BrokerConfigs.ByEnvironmentName();
        foreach (var (variable, value) in variables)
        {
            if (!variable.StartsWith(BrokerConfigSources.EnvironmentPrefix, StringComparison.Ordinal) || IsNoSetting(variable))
            {
                continue;
            }

            var name = variable[BrokerConfigSources.EnvironmentPrefix.Length..];
            if (known.TryGetValue(name, out var key))
            {
                _given[key.Name] = (value, $"environment {variable}");
                continue;
            }

            var nearest = BrokerConfigs.Nearest(name, known.Keys);
            Errors.Add(new ConfigError(
                variable, value, "environment", "no such setting", "", nearest is null ? null : BrokerConfigSources.EnvironmentPrefix + nearest));
        }
    }

    private void ReadOptions(BrokerConfigSources sources)
    {
        foreach (var option in sources.Set)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                Errors.Add(new ConfigError("--set", option, "command line", "must look like name=value", "", null));
                continue;
            }

            _given[option[..equals].Trim()] = (option[(equals + 1)..], "--set");
        }

        if (sources.Data is not null)
        {
            _given[LogConfigs.Dirs.Name] = (sources.Data, "--data");
        }

        if (sources.Listeners is not null)
        {
            _given[ListenerConfigs.Listeners.Name] = (sources.Listeners, "--listeners");
        }
    }

    private void ReadValue(string name, string text, string origin)
    {
        if (BrokerConfigs.Find(name) is { } key)
        {
            if (key.TryParse(text, out var value, out var problem))
            {
                _settings[name] = new ConfigSetting(name, key, value, origin);
                return;
            }

            Errors.Add(new ConfigError(name, key.IsSensitive ? null : text, origin, problem, ConfigRules.Describe(key), null));
        }
        else if (RetiredConfigs.Contains(name))
        {
            _retired.Add(name);
        }
        else
        {
            var nearest = BrokerConfigs.Nearest(name, BrokerConfigs.Keys.Select(k => k.Name));
            Errors.Add(new ConfigError(name, text, origin, "no such setting", "", nearest));
        }
    }

    // broker.id is the old name of node.id.
    private void TakeBrokerIdForNodeId()
    {
        if (!_settings.TryGetValue(NodeConfigs.BrokerId.Name, out var old) || (int)old.Value == NodeConfigs.BrokerId.Default)
        {
            return;
        }

        if (!_settings.TryGetValue(NodeConfigs.NodeId.Name, out var current))
        {
            _settings[NodeConfigs.NodeId.Name] = new ConfigSetting(NodeConfigs.NodeId.Name, NodeConfigs.NodeId, old.Value, old.Origin);
        }
        else if (!old.Value.Equals(current.Value))
        {
            Errors.Add(new ConfigError(old.Name, old.Text, old.Origin, $"differs from node.id = {current.Text}, whose old name it is", "", null));
        }
    }

    // Kubernetes gives every container variables for each service of its namespace: one called "samsa" must not stop the
    // broker. The other names steer the project's own scripts and tests.
    private static bool IsNoSetting(string variable)
    {
        var name = variable.AsSpan(BrokerConfigSources.EnvironmentPrefix.Length);
        return name is "REGENERATE_DOCS" or "PORT"
            || name.StartsWith("PORT_") || name.StartsWith("SERVICE_") || name.StartsWith("TEST_") || name.StartsWith("BUILD_")
            || name.Contains("_SERVICE_HOST", StringComparison.Ordinal) || name.Contains("_SERVICE_PORT", StringComparison.Ordinal);
    }
}
