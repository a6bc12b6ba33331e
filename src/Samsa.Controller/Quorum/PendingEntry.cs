using Samsa.Model;

namespace Samsa.Controller.Quorum;

/// <summary>An entry that this node appended as leader, and waits for.</summary>
/// <param name="term">The term in which; an entry at the same index of another term is somebody else's.</param>
internal sealed class PendingEntry(long term)
{
    private readonly TaskCompletionSource<Offset> _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The term in which it was appended.</summary>
    public long Term => term;

    /// <summary>Completes once the entry is applied: with the offset of its last record, or -1 where it came too late to count.</summary>
    public Task<Offset> Applied => _applied.Task;

    /// <summary>It is applied.</summary>
    public void Complete(Offset last) => _applied.TrySetResult(last);
}
