using Microsoft.Extensions.Logging;

namespace Samsa.Broker.Logging;

/// <summary>An entry on its way to the writer.</summary>
/// <param name="Time">When it was logged, UTC.</param>
/// <param name="Level">How severe it is.</param>
/// <param name="Category">Full name of the class that logged it.</param>
/// <param name="EventId">The number of its kind within the category's project; 0 = none.</param>
/// <param name="Message">The message with its values filled in.</param>
/// <param name="Fields">The values by name; null where the format doesn't show them.</param>
/// <param name="Exception">What went wrong.</param>
internal readonly record struct LogEntry(
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    int EventId,
    string Message,
    KeyValuePair<string, object?>[]? Fields,
    Exception? Exception);
