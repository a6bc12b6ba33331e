using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Controller;

/// <summary>
/// The metadata log of a node without the controller's role: a copy of the committed log, kept on disk so that a restart goes on where the
/// node was. It may lose its end in a power cut, which is fetched again.
/// </summary>
public sealed class FollowedMetadataLog : IMetadataCopy
{
    private readonly MetadataStore _store;
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _leader = BrokerId.None.Value;
    private int _epoch = LeaderEpoch.None.Value;

    private FollowedMetadataLog(MetadataStore store) => _store = store;

    /// <inheritdoc/>
    public bool IsLeader => false;

    /// <inheritdoc/>
    public BrokerId Leader => new(Volatile.Read(ref _leader));

    /// <inheritdoc/>
    public LeaderEpoch Epoch => new(Volatile.Read(ref _epoch));

    /// <inheritdoc/>
    public Offset EndOffset => _store.Log.LogEndOffset;

    /// <inheritdoc/>
    public LeaderEpoch LastEpoch => _store.LastEpoch;

    /// <summary>Opens the copy and replays it to the listener. Blocks.</summary>
    /// <exception cref="Storage.LogCorruptException">It is damaged: deleting its directory fetches it anew.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static FollowedMetadataLog Open(LocalMetadataLogOptions options, IMetadataListener listener) =>
        new(MetadataStore.Open(options, listener, everyAppendIsSynced: false));

    /// <inheritdoc/>
    public ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken) =>
        ValueTask.FromException<Offset>(new NotControllerException());

    /// <inheritdoc/>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken) => await _caughtUp.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Append(ReadOnlyMemory<byte> batches) => _ = _store.Append(batches, sync: false);

    /// <inheritdoc/>
    public void Install(MetadataSnapshotId id, ReadOnlyMemory<byte> file) => _store.Install(id, file);

    /// <inheritdoc/>
    public void FollowLeader(BrokerId leader, LeaderEpoch epoch)
    {
        Volatile.Write(ref _epoch, epoch.Value);
        Volatile.Write(ref _leader, leader.Value);
    }

    /// <inheritdoc/>
    public void CaughtUp() => _caughtUp.TrySetResult();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _store.Close();
        return ValueTask.CompletedTask;
    }
}
