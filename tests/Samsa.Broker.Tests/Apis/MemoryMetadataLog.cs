using Samsa.Broker.Metadata;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Tests.Apis;

/// <summary>A metadata log that commits at once and forgets nothing.</summary>
internal sealed class MemoryMetadataLog : IMetadataLog, IMetadataReader
{
    public MetadataState State { get; } = new();

    public List<IMetadataRecord> Records { get; } = [];

    public bool IsLeader => true;

    public BrokerId Leader => new(1);

    public LeaderEpoch Epoch => new(1);

    public Offset EndOffset => new(Records.Count);

    public ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken)
    {
        Records.AddRange(records);
        var last = EndOffset - 1;
        State.Apply(last, records);
        return new(last);
    }

    // Nobody follows it: it has no bytes to read.
    public Offset LogStartOffset => Offset.Zero;

    public Offset CommittedEnd => EndOffset;

    public MetadataSnapshotId? LatestSnapshot => null;

    public ReadOnlyMemory<byte>? Read(Offset from, int maxBytes) => null;

    public ReadOnlyMemory<byte>? ReadSnapshot(MetadataSnapshotId id, long position, int maxBytes, out long size)
    {
        size = 0;
        return null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
