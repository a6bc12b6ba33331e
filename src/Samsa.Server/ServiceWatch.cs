using System.Runtime.CompilerServices;
using Samsa.Broker.Http;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>Notices when a server can no longer serve: every log directory, or the metadata log, is out of use.</summary>
/// <param name="directories">The log directories.</param>
/// <param name="metadataDirectory">The one that holds the metadata log.</param>
/// <param name="ready">Whether it serves, as far as starting and stopping go.</param>
internal sealed class ServiceWatch(LogDirectories directories, string metadataDirectory, StrongBox<bool> ready)
{
    private readonly string _metadataDirectory = Path.GetFullPath(metadataDirectory);
    private readonly TaskCompletionSource<string> _outOfService = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason in words.</summary>
    public Task<string> OutOfService => _outOfService.Task;

    /// <summary>For the admin listener.</summary>
    public AdminHealth Health => new()
    {
        WhyNotReady = () => !ready.Value ? "the broker shuts down" : OutOfService.IsCompleted ? "the broker can no longer serve" : null,
    };

    /// <summary>The metadata log failed for good.</summary>
    public void MetadataLogFailed(IOException failure) => _outOfService.TrySetResult($"the metadata log failed: {failure.Message}");

    /// <summary>A directory is out of use.</summary>
    public void DirectoryFailed(LogDirectory failed)
    {
        var reason = failed.Path == _metadataDirectory
            ? $"log directory {failed.Path}, which holds the metadata log, is out of use: {failed.OfflineReason}"
            : directories.WhyNoneIsUsable();
        if (reason is not null)
        {
            _outOfService.TrySetResult(reason);
        }
    }
}
