using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Metadata;

/// <summary>Holds the newest image of the cluster, and tells observers of each change, in order.</summary>
public sealed class MetadataState : IMetadataListener
{
    private readonly Lock _publishing = new();
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private MetadataImage _image = MetadataImage.Empty;
    private Action<MetadataImage, IReadOnlyList<IMetadataRecord>>[] _observers = [];

    /// <summary>The cluster as of the last change applied.</summary>
    public MetadataImage Image => Volatile.Read(ref _image);

    /// <summary>
    /// Begins with the image as it is, and from then on tells the observer of each change with the new image and the change's records. Where
    /// a whole snapshot took the place of an image, the records are those that lead from the one to the other.
    /// </summary>
    /// <param name="begin">Sees the image before any change that the observer is told of; no change is applied meanwhile.</param>
    /// <param name="observer">Called within the application of each change, in order.</param>
    public void Observe(Action<MetadataImage> begin, Action<MetadataImage, IReadOnlyList<IMetadataRecord>> observer)
    {
        lock (_publishing)
        {
            begin(Image);
            _observers = [.. _observers, observer];
        }
    }

    /// <summary>Waits until the image is as wished.</summary>
    /// <param name="wish">Looks at an image; must be quick, for it runs within the application of changes.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <returns>The first image that is.</returns>
    public async ValueTask<MetadataImage> WaitUntilAsync(Func<MetadataImage, bool> wish, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(wish);
        lock (_gate)
        {
            if (wish(Image))
            {
                return Image;
            }

            _waiters.Add(waiter);
        }

        await using var abandoning = cancellationToken.UnsafeRegister(
            static (waiter, token) => ((Waiter)waiter!).Fulfilled.TrySetCanceled(token), waiter);
        try
        {
            return await waiter.Fulfilled.Task;
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    /// <inheritdoc/>
    public void Load(Offset end, IEnumerable<IMetadataRecord> records)
    {
        var builder = new MetadataImageBuilder(MetadataImage.Empty);
        foreach (var record in records)
        {
            builder.Apply(record);
        }

        var before = Image;
        var image = builder.Build(end - 1);
        Publish(image, _observers.Length > 0 ? MetadataDelta.Between(before, image) : []);
    }

    /// <inheritdoc/>
    public void Apply(Offset last, IReadOnlyList<IMetadataRecord> records)
    {
        var builder = new MetadataImageBuilder(Image);
        foreach (var record in records)
        {
            builder.Apply(record);
        }

        Publish(builder.Build(last), records);
    }

    /// <inheritdoc/>
    public IEnumerable<IMetadataRecord> Snapshot() => MetadataSnapshot.Records(Image);

    private void Publish(MetadataImage image, IReadOnlyList<IMetadataRecord> records)
    {
        lock (_publishing)
        {
            Volatile.Write(ref _image, image);
            foreach (var observer in _observers)
            {
                observer(image, records);
            }
        }

        lock (_gate)
        {
            foreach (var waiter in _waiters)
            {
                if (waiter.Wish(image))
                {
                    waiter.Fulfilled.TrySetResult(image);
                }
            }
        }
    }

    private sealed record Waiter(Func<MetadataImage, bool> Wish)
    {
        public TaskCompletionSource<MetadataImage> Fulfilled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
