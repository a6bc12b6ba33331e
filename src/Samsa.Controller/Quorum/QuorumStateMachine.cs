using System.Buffers;
using System.Buffers.Binary;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Controller.Quorum;

/// <summary>
/// What committed entries do: they are appended, in order, to the metadata log of Kafka's format on this node's disk. That log is synced
/// with each of them, so after a crash Raft only repeats entries that are there already, which then change nothing.
/// </summary>
internal sealed class QuorumStateMachine(DirectoryInfo snapshots, MetadataStore store, IMetadataListener listener, Action<Exception> failed)
    : SimpleStateMachine(snapshots)
{
    private const int HeaderBytes = sizeof(long) + sizeof(int);
    private MetadataSnapshotId _snapshot;
    private long _appliedIndex;

    /// <summary>The index of the last entry applied.</summary>
    public long AppliedIndex => Interlocked.Read(ref _appliedIndex);

    /// <summary>The state when it was last hashed: what the leader's next check tells the others.</summary>
    public StateHash LastHash { get; private set; } = StateHash.None;

    /// <inheritdoc/>
    protected override async ValueTask<bool> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        try
        {
            var takeSnapshot = !entry.IsConfiguration && Apply(entry);
            Interlocked.Exchange(ref _appliedIndex, entry.Index);
            return takeSnapshot;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The library would never apply anything again. The process ends instead, and nothing is applied meanwhile.
            failed(e);
            await Task.Delay(Timeout.Infinite, token);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask PersistAsync(IAsyncBinaryWriter writer, CancellationToken token)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt64BigEndian(header, _snapshot.End.Value);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(sizeof(long)), _snapshot.Epoch.Value);
        await writer.Invoke(header, token);
        for (long position = 0, size = 1; position < size;)
        {
            var piece = store.ReadSnapshot(_snapshot, position, 1 << 20, out size)
                ?? throw new IOException($"The metadata snapshot at {_snapshot.End} is gone");
            await writer.Invoke(piece, token);
            position += piece.Length;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask RestoreAsync(FileInfo snapshotFile, CancellationToken token)
    {
        var bytes = await File.ReadAllBytesAsync(snapshotFile.FullName, token);
        if (bytes.Length < HeaderBytes)
        {
            throw new InvalidDataException($"{snapshotFile.FullName} is no snapshot");
        }

        var end = new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes));
        var epoch = new LeaderEpoch(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizeof(long))));
        if (end > store.Log.LogEndOffset)
        {
            store.Install(new MetadataSnapshotId(end, epoch), bytes.AsMemory(HeaderBytes));
            LastHash = StateHash.None;
        }
    }

    private bool Apply(LogEntry entry)
    {
        if (!entry.TryGetPayload(out var payload) || payload.IsEmpty)
        {
            return false;
        }

        var read = RaftEntry.Read(payload);
        var pending = entry.Context is PendingEntry mine && mine.Term == entry.Term ? mine : null;
        switch (read.Kind)
        {
            case RaftEntryKind.Change:
                var tookSnapshot = Change(read, entry.Term, out var last);
                pending?.Complete(last);
                return tookSnapshot;
            case RaftEntryKind.Check:
                Check(read);
                pending?.Complete(store.Log.LogEndOffset);
                return false;
            default:
                _snapshot = store.TakeSnapshot();
                pending?.Complete(store.Log.LogEndOffset);
                return true;
        }
    }

    private bool Change(in RaftEntry change, long term, out Offset last)
    {
        var end = store.Log.LogEndOffset;
        if (change.Offset > end)
        {
            throw new InvalidDataException($"A change for offset {change.Offset} came while the metadata log ends at {end}");
        }

        if (change.Offset < end)
        {
            // It is there already, from before a crash; or another one took its place and it is void, on every node.
            last = Offset.None;
            return false;
        }

        var batch = System.Runtime.InteropServices.MemoryMarshal.AsMemory(change.Batch);
        RecordBatch.SetBaseOffset(batch.Span, end);
        RecordBatch.SetLeaderEpoch(batch.Span, new LeaderEpoch((int)term));
        var tookSnapshot = store.Append(batch, sync: true);
        last = store.Log.LogEndOffset - 1;
        if (tookSnapshot)
        {
            _snapshot = new MetadataSnapshotId(store.Log.LogEndOffset, store.LastEpoch);
        }

        return tookSnapshot;
    }

    private void Check(in RaftEntry check)
    {
        if (LastHash.At == check.Offset && LastHash.Value != check.Hash)
        {
            throw new DivergedException(
                $"This controller's metadata at offset {check.Offset} is not that of the leader: its copy is thrown away and fetched again at the next start");
        }

        LastHash = StateHash.Of(store.Log.LogEndOffset, listener.Snapshot());
    }
}
