using Samsa.Core.Metadata;

namespace Samsa.Core.Tests.Metadata;

/// <summary>An image as text, for comparison.</summary>
internal static class ImageText
{
    public static string Of(MetadataImage image) => string.Join('\n',
    [
        $"{image.AppliedOffset} {image.NextProducerId} {image.PartitionCount}",
        .. image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t =>
            $"{t.Name} {t.Id} {image.TopicNames[t.Id]} " + string.Join(';', t.Partitions.Select(p =>
                $"{p.Partition} {p.Leader} {p.LeaderEpoch} {p.PartitionEpoch} {string.Join(',', p.Replicas)} {string.Join(',', p.InSyncReplicas)} "
                + $"{string.Join(',', p.AddingReplicas)} {string.Join(',', p.RemovingReplicas)} {string.Join(',', p.EligibleLeaderReplicas)} "
                + $"{string.Join(',', p.LastKnownElr)} {p.LeaderRecoveryState} {string.Join(',', p.Directories)}"))),
        .. image.CollidingNames.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"),
        .. image.Brokers.Values.Select(b => $"{b.Id} {b.Epoch} {b.Fenced} {b.InControlledShutdown} {b.Rack} {string.Join(',', b.Endpoints)} {string.Join(',', b.Features)} {string.Join(',', b.LogDirs)}"),
        .. image.Features.Select(f => $"{f.Key}={f.Value}"),
        .. image.Configs.OrderBy(c => c.Key.Type).ThenBy(c => c.Key.Name, StringComparer.Ordinal).Select(c => $"{c.Key} {string.Join(',', c.Value)}"),
        .. image.ClientQuotas.OrderBy(q => q.Key.ClientId, StringComparer.Ordinal).Select(q => $"{q.Key} {string.Join(',', q.Value)}"),
    ]);
}
