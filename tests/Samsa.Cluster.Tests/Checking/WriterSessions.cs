using System.Globalization;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Records;

namespace Samsa.Cluster.Tests.Checking;

/// <summary>Under which producer id and epoch each batch of a partition was written; clients are not told.</summary>
internal sealed class WriterSessions
{
    private readonly List<(long Last, ProducerSession Session)> _batches = [];

    private WriterSessions()
    {
    }

    /// <summary>Reads them from the disk of the leader, once nobody writes any more.</summary>
    public static WriterSessions Of(TestCluster cluster, string topic, int partition)
    {
        int leader = cluster.Probe.Partitions(topic)[partition].Leader;
        string folder = Path.Combine(cluster[leader].DataDirectory, $"{topic}-{partition.ToString(CultureInfo.InvariantCulture)}");
        var sessions = new WriterSessions();
        foreach (string segment in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            foreach (BatchView batch in RecordBatch.Enumerate(File.ReadAllBytes(segment)))
            {
                sessions._batches.Add((batch.Header.LastOffset.Value, new(batch.Header.ProducerId.Value, batch.Header.ProducerEpoch)));
            }
        }

        return sessions;
    }

    /// <summary>Who wrote the record at an offset.</summary>
    public ProducerSession At(long offset)
    {
        int at = _batches.BinarySearch((offset, default), Comparer<(long Last, ProducerSession)>.Create((a, b) => a.Last.CompareTo(b.Last)));
        return _batches[at < 0 ? ~at : at].Session;
    }
}
