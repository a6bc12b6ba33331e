using System.Runtime.CompilerServices;

namespace Samsa.Interop.Tests;

/// <summary>A test class on the shared broker: topic names of its own, and the broker's log when a test fails.</summary>
public abstract class InteropTest : IDisposable
{
    private readonly SharedBroker _broker;
    private readonly ITestOutputHelper _output;

    protected InteropTest(SharedBroker broker, ITestOutputHelper output)
    {
        _broker = broker;
        _output = output;
    }

    protected string Bootstrap => _broker.Bootstrap;

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            _output.WriteLine(_broker.Log);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A topic name nobody else uses, which tells in logs where it came from.</summary>
    protected static string TopicName([CallerMemberName] string test = "") =>
        $"{test.ToLowerInvariant()}.{Guid.NewGuid().ToString("N")[..8]}";
}
