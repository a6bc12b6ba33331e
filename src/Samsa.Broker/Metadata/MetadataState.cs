using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Metadata;

/// <summary>Holds the newest image of the cluster and tells one observer of each change, in order.</summary>
public sealed class MetadataState : IMetadataListener
{
    private MetadataImage _image = MetadataImage.Empty;
    private Action<MetadataImage, IReadOnlyList<IMetadataRecord>>? _observer;

    /// <summary>The cluster as of the last change applied.</summary>
    public MetadataImage Image => Volatile.Read(ref _image);

    /// <summary>From now on, calls this after each change with the new image and the change's records.</summary>
    public void Observe(Action<MetadataImage, IReadOnlyList<IMetadataRecord>> observer) => _observer = observer;

    /// <inheritdoc/>
    public void Load(Offset end, IEnumerable<IMetadataRecord> records)
    {
        var builder = new MetadataImageBuilder(MetadataImage.Empty);
        foreach (var record in records)
        {
            builder.Apply(record);
        }

        Volatile.Write(ref _image, builder.Build(end - 1));
    }

    /// <inheritdoc/>
    public void Apply(Offset last, IReadOnlyList<IMetadataRecord> records)
    {
        var builder = new MetadataImageBuilder(Image);
        foreach (var record in records)
        {
            builder.Apply(record);
        }

        var image = builder.Build(last);
        Volatile.Write(ref _image, image);
        _observer?.Invoke(image, records);
    }

    /// <inheritdoc/>
    public IEnumerable<IMetadataRecord> Snapshot() => MetadataSnapshot.Records(Image);
}
