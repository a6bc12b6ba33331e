using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;

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

    /// <summary>
    /// Keeps the level of all loggers at <c>samsa.log.level</c>, whatever that is at the time. As long as it does not change, a level that an
    /// operator gave the root logger stays.
    /// </summary>
    public static void Follow(this LogLevels levels, CurrentConfig settings)
    {
        string? last = null;
        settings.Follow(config =>
        {
            var name = config.Get(SamsaConfigs.LogLevel);
            if (!string.Equals(last, name, StringComparison.OrdinalIgnoreCase))
            {
                levels.RootLevel = LogLevels.Parse(name);
            }

            last = name;
        });
    }
}
