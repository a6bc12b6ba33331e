using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Model;

namespace Samsa.Broker.Tests.Logging;

public sealed partial class ConsoleLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly MemoryStream _output = new();

    private ConsoleLogOptions Options { get; } = new() { Time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMilliseconds(1_700_000_000_123)) };

    private string[] Lines => Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Text_is_one_line_with_time_level_and_who()
    {
        using (var log = new ConsoleLog(Options, _output))
        {
            Rolled(log.CreateLogger("Samsa.Storage.PartitionLog"), "orders-0", 4096);
        }

        Assert.Equal("2023-11-14T22:13:20.123Z INFO  PartitionLog: orders-0 rolled at 4096", Assert.Single(Lines));
    }

    [Fact]
    public void Text_from_a_client_cannot_forge_lines()
    {
        using (var log = new ConsoleLog(Options, _output))
        {
            Rolled(log.CreateLogger("X"), "a\r\n2023 INFO fake\u001b[2J", 1);
        }

        Assert.EndsWith("X: a\\r\\n2023 INFO fake\\u001b[2J rolled at 1", Assert.Single(Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_follows_on_indented_lines()
    {
        using (var log = new ConsoleLog(Options, _output))
        {
            Failed(log.CreateLogger("X"), new InvalidOperationException("disk on fire"));
        }

        Assert.EndsWith("ERROR X: it failed", Lines[0], StringComparison.Ordinal);
        Assert.Equal("    System.InvalidOperationException: disk on fire", Lines[1]);
    }

    [Fact]
    public void Json_has_the_values_as_fields()
    {
        using (var log = new ConsoleLog(Options with { Format = LogFormat.Json }, _output))
        {
            Rolled(log.CreateLogger("Samsa.Storage.PartitionLog"), "\"quoted\"\n", 4096);
            Failed(log.CreateLogger("X"), new InvalidOperationException("disk on fire"));
        }

        var first = JsonDocument.Parse(Lines[0]).RootElement;
        Assert.Equal("2023-11-14T22:13:20.123Z", first.GetProperty("time").GetString());
        Assert.Equal("INFO", first.GetProperty("level").GetString());
        Assert.Equal("Samsa.Storage.PartitionLog", first.GetProperty("category").GetString());
        Assert.Equal(1, first.GetProperty("event").GetInt32());
        Assert.Equal("\"quoted\"\n rolled at 4096", first.GetProperty("message").GetString());
        Assert.Equal(4096, first.GetProperty("fields").GetProperty("Position").GetInt64());
        Assert.Contains("disk on fire", JsonDocument.Parse(Lines[1]).RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_hangs_costs_entries_and_never_a_wait()
    {
        using var stuck = new StuckStream();
        var log = new ConsoleLog(Options with { Capacity = 10 }, stuck);
        var logger = log.CreateLogger("X");
        Rolled(logger, "first", 0);
        await stuck.Entered.Task.WaitAsync(Patience);

        for (var i = 0; i < 25; i++)
        {
            Rolled(logger, "more", i);
        }

        Assert.Equal(15, log.Dropped);
        stuck.Release.Set();
        log.Dispose();
        Assert.Contains("15 log entries were dropped", Encoding.UTF8.GetString(stuck.Written.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_fatal_is_written_before_the_call_returns()
    {
        using var log = new ConsoleLog(Options with { Time = TimeProvider.System }, _output);
        Died(log.CreateLogger("X"));
        Assert.EndsWith("FATAL X: invariant broken", Assert.Single(Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_change_at_run_time_for_one_logger_or_for_all()
    {
        using var log = new ConsoleLog(Options, _output);
        var logger = log.CreateLogger("Samsa.Storage.PartitionLog");
        Assert.False(logger.IsEnabled(LogLevel.Debug));

        Assert.True(log.Levels.Set("Samsa.Storage.PartitionLog", "debug", validateOnly: true).IsValid);
        Assert.False(logger.IsEnabled(LogLevel.Debug));
        Assert.True(log.Levels.Set("Samsa.Storage.PartitionLog", "debug", validateOnly: false).IsValid);
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.True(log.Levels.Set("root", "ERROR", validateOnly: false).IsValid);
        Assert.Equal(
            [("Samsa.Storage.PartitionLog", "DEBUG", ConfigSource.DynamicBrokerLogger), ("root", "ERROR", ConfigSource.DynamicBrokerLogger)],
            log.Levels.Describe(names: null).Select(e => (e.Name, e.Value!, e.Source)));

        Assert.True(log.Levels.Set("Samsa.Storage.PartitionLog", level: null, validateOnly: false).IsValid);
        Assert.False(logger.IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public void Levels_are_refused_in_Kafkas_words()
    {
        using var log = new ConsoleLog(Options, _output);
        Assert.Equal(new ConfigVerdict(ErrorCode.InvalidConfig, "Logger no.such.logger does not exist!"), log.Levels.Set("no.such.logger", "WARN", validateOnly: false));
        Assert.Equal(
            "Cannot set the log level of root to NOPE as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN",
            log.Levels.Set("root", "NOPE", validateOnly: false).Message);
        Assert.False(log.Levels.Set("root", level: null, validateOnly: false).IsValid);
    }

    [Fact]
    public void Settings_say_how_to_write()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Set = ["samsa.log.format=json", "samsa.log.level=warn"] });
        Assert.Equal((LogFormat.Json, LogLevel.Warning), config.ToLogOptions() is var o ? (o.Format, o.Level) : default);
    }

    [LoggerMessage(1, LogLevel.Information, "{Partition} rolled at {Position}")]
    private static partial void Rolled(ILogger logger, string partition, long position);

    [LoggerMessage(2, LogLevel.Error, "it failed")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Critical, "invariant broken")]
    private static partial void Died(ILogger logger);

    private sealed class StuckStream : MemoryStream
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Release { get; } = new();

        public List<byte> Written { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Entered.TrySetResult();
            Release.Wait(Patience);
            Written.AddRange(buffer);
        }
    }
}
