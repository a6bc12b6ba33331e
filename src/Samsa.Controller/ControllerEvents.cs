using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Controller;

/// <summary>Everything the controller says.</summary>
internal static partial class ControllerEvents
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Metadata log open in {ElapsedMs} ms: end offset {End}, epoch {Epoch}, snapshot at {Snapshot}")]
    public static partial void Opened(ILogger logger, Offset end, LeaderEpoch epoch, Offset snapshot, long elapsedMs);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The metadata log failed: this node leads no more, and has to be started again")]
    public static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metadata log did not close cleanly; it is checked at the next start")]
    public static partial void CloseFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metadata snapshot {File} taken, {Bytes} bytes")]
    public static partial void SnapshotTaken(ILogger logger, string file, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No metadata snapshot could be taken; it is tried again")]
    public static partial void SnapshotFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Metadata snapshot {File} cannot be read, and an older one is used: {Reason}")]
    public static partial void SnapshotDamaged(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metadata begins again from snapshot {File} of another controller, {Bytes} bytes")]
    public static partial void SnapshotInstalled(ILogger logger, string file, int bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "This node leads the controllers in epoch {Epoch}, and decides from offset {End} on")]
    public static partial void Leads(ILogger logger, LeaderEpoch epoch, Offset end);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Leader} leads the controllers in epoch {Epoch}")]
    public static partial void LeaderChanged(ILogger logger, BrokerId leader, LeaderEpoch epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node gives up leading the controllers: {Reason}")]
    public static partial void StepsDown(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node applies nothing of what the leader at {Leader} has: another one shall lead")]
    public static partial void FollowerStuck(ILogger logger, System.Net.EndPoint leader);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node can no longer agree with the other controllers: its copy of their log is closed and opened again")]
    public static partial void QuorumBroken(ILogger logger, Exception? failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Directory} was found to differ from the other controllers' metadata: it is thrown away and fetched again")]
    public static partial void ThrownAway(ILogger logger, string directory);
}
