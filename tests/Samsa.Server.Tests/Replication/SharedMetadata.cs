using Samsa.Broker.Metadata;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Server.Tests.Replication;

/// <summary>One metadata log in memory that several servers of a test share: what any of them appends all apply, in order.</summary>
internal sealed class SharedMetadata
{
    private readonly Lock _gate = new();
    private readonly List<(Offset Last, IReadOnlyList<IMetadataRecord> Records)> _changes = [];
    private readonly List<IMetadataListener> _listeners = [];

    public SharedMetadata() => _listeners.Add(State);

    /// <summary>What it says by now.</summary>
    public MetadataState State { get; } = new();

    public Offset EndOffset
    {
        get
        {
            lock (_gate)
            {
                return _changes.Count == 0 ? Offset.Zero : _changes[^1].Last + 1;
            }
        }
    }

    public IMetadataLog Open(IMetadataListener listener, BrokerId node)
    {
        lock (_gate)
        {
            foreach (var (last, records) in _changes)
            {
                listener.Apply(last, records);
            }

            _listeners.Add(listener);
            return new NodeLog(this, listener, node);
        }
    }

    public Offset Append(params IReadOnlyList<IMetadataRecord> records)
    {
        lock (_gate)
        {
            var last = EndOffset + (records.Count - 1);
            _changes.Add((last, records));
            _listeners.ForEach(l => l.Apply(last, records));
            return last;
        }
    }

    private sealed class NodeLog(SharedMetadata shared, IMetadataListener listener, BrokerId node) : IMetadataLog
    {
        public bool IsLeader => true;

        public BrokerId Leader => node;

        public LeaderEpoch Epoch => new(1);

        public Offset EndOffset => shared.EndOffset;

        public ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken) => new(shared.Append(records));

        public ValueTask DisposeAsync()
        {
            lock (shared._gate)
            {
                shared._listeners.Remove(listener);
            }

            return default;
        }
    }
}
