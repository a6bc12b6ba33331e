namespace Samsa.Interop.Tests.Groups;

/// <summary>One member of a group; disposing it without more is a crash.</summary>
internal interface IGroupMember : IAsyncDisposable
{
    /// <summary>Waits until the member was given partitions, if only none, for the first time.</summary>
    Task JoinedAsync();

    /// <summary>Commits, leaves, ends.</summary>
    Task StopAsync();
}
