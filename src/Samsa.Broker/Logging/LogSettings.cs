using Samsa.Broker.Configuration;

namespace Samsa.Broker.Logging;

/// <summary>What the log needs of the settings.</summary>
public static class LogSettings
{
    /// <summary>How to write the log.</summary>
    public static ConsoleLogOptions ToLogOptions(this BrokerConfig config) => new()
    {
        Format = config.Get(SamsaConfigs.LogFormat) == "json" ? LogFormat.Json : LogFormat.Text,
        Level = LogLevels.Parse(config.Get(SamsaConfigs.LogLevel)),
    };
}
