using System.Net.Sockets;
using Samsa.Broker.Configuration;
using Samsa.Cli.Serving;

namespace Samsa.Cli.Tests;

public sealed class StartExceptionTests
{
    [Theory]
    [InlineData(SocketError.AddressAlreadyInUse, "another process")]
    [InlineData(SocketError.AddressNotAvailable, "does not have that address")]
    [InlineData(SocketError.AccessDenied, "below 1024")]
    public void An_address_that_cannot_be_had_is_named_with_the_reason_and_the_option(SocketError error, string reason)
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Listeners = "PLAINTEXT://localhost:19092" });
        var problem = StartException.From(new SocketException((int)error), config);

        Assert.Contains("PLAINTEXT://localhost:19092", problem!.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Contains("--listeners", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_is_refused_with_the_nearest_name()
    {
        var run = await CommandLine.RunAsync("server", "--set", "num.partition=3");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("num.partition", run.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean num.partitions?", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_out_of_range_is_refused_with_the_range()
    {
        var run = await CommandLine.RunAsync("server", "--set", "num.partitions=0");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("num.partitions", run.Error, StringComparison.Ordinal);
        Assert.Contains("allowed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_settings_file_is_named()
    {
        var run = await CommandLine.RunAsync("server", "--config", "/nonexistent/server.properties");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("/nonexistent/server.properties", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_is_not_explained_away() => Assert.Null(StartException.From(new InvalidOperationException(), null));
}
