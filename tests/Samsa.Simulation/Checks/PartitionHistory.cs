using Samsa.Model;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>
/// What one partition must hold for ever: every batch that was committed, as it was when it was. Knows besides what producers were
/// told, and holds it against that.
/// </summary>
/// <param name="partition">Which.</param>
/// <param name="hasMarks">Whether its records bear marks.</param>
internal sealed class PartitionHistory(TopicPartition partition, bool hasMarks)
{
    private const int MaxDecompressedBytes = 1 << 24;
    private readonly List<CommittedBatch> _batches = [];
    private readonly Dictionary<Mark, Offset> _committed = [];
    private readonly HashSet<Mark> _refused = [];
    private readonly Dictionary<int, long> _nextOfOrderly = [];

    /// <summary>Which partition.</summary>
    public TopicPartition Partition => partition;

    /// <summary>Everything below is committed.</summary>
    public Offset End { get; private set; }

    /// <summary>How many records with marks.</summary>
    public int Marked => _committed.Count;

    /// <summary>How many records were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>How often a replica has begun to lead, a restart counts.</summary>
    public int Leaderships { get; private set; }

    /// <summary>Who leads in the newest epoch.</summary>
    public BrokerId Leader { get; private set; } = BrokerId.None;

    /// <summary>The batches, in order.</summary>
    public IReadOnlyList<CommittedBatch> Batches => _batches;

    /// <summary>A replica begins to lead.</summary>
    public void Led(BrokerId by, bool inNewestEpoch)
    {
        Leaderships++;
        Leader = inNewestEpoch ? by : Leader;
    }

    /// <summary>This producer's records must come in order, none missing and none twice.</summary>
    public void IsOrderly(int producer) => _nextOfOrderly.TryAdd(producer, 0);

    /// <summary>Whether a record is committed.</summary>
    public bool Has(Mark mark) => _committed.ContainsKey(mark);

    /// <summary>A producer was told that its record was not written.</summary>
    public void Refused(Mark mark)
    {
        Rule.Holds(!_committed.ContainsKey(mark), "refused", $"{mark} in {partition} was refused, but is committed");
        _refused.Add(mark);
    }

    /// <summary>A producer was told that its record is committed at an offset; null where it was not told where.</summary>
    public void Confirmed(Mark mark, Offset? offset)
    {
        Rule.Holds(
            _committed.TryGetValue(mark, out var at), "acknowledged", $"{mark} in {partition} was acknowledged at {offset}, but is not committed; committed is up to {End}");
        Rule.Holds(offset is null || offset == at, "acknowledged", $"{mark} in {partition} was acknowledged at {offset}, but is at {at}");
        Acknowledged++;
    }

    /// <summary>A leader has committed a batch, the next after what was committed so far.</summary>
    public void Commit(ReadOnlySpan<byte> bytes, in BatchHeader header, string by)
    {
        Rule.Holds(
            header.BaseOffset == End, "dense", $"{by} has committed {header.BaseOffset}..{header.LastOffset} in {partition}, where {End} was to come");
        _batches.Add(new CommittedBatch(header.BaseOffset, header.LastOffset, header.LeaderEpoch, header.Crc));
        End = header.NextOffset;
        if (!hasMarks || header.IsControl)
        {
            return;
        }

        foreach (var record in RecordBatch.Records(bytes.ToArray(), MaxDecompressedBytes))
        {
            Commit(Mark.Read(record.Value), record.Offset, by);
        }
    }

    /// <summary>Whether a batch is the committed one at its place.</summary>
    public bool Has(in BatchHeader header) =>
        IndexOf(header.BaseOffset) is >= 0 and var index
        && _batches[index] == new CommittedBatch(header.BaseOffset, header.LastOffset, header.LeaderEpoch, header.Crc);

    /// <summary>A batch somebody holds must be the committed one at its place.</summary>
    public void Compare(in BatchHeader header, string whose)
    {
        var index = IndexOf(header.BaseOffset);
        Rule.Holds(
            Has(header),
            "replicas",
            $"{whose} has {header.BaseOffset}..{header.LastOffset} of epoch {header.LeaderEpoch} with checksum {header.Crc:x8} in {partition}, "
            + $"committed is {(index >= 0 ? _batches[index] : "nothing there")}");
    }

    private void Commit(Mark mark, Offset offset, string by)
    {
        Rule.Holds(!_refused.Contains(mark), "refused", $"{by} has committed {mark} at {offset} in {partition}, which was refused");
        Rule.Holds(_committed.TryAdd(mark, offset), "duplicate", $"{by} has committed {mark} in {partition} at {_committed.GetValueOrDefault(mark)} and at {offset}");
        if (_nextOfOrderly.TryGetValue(mark.Producer, out var next))
        {
            Rule.Holds(mark.Number == next, "order", $"{by} has committed {mark} at {offset} in {partition}, where {mark.Producer}:{next} was to come");
            _nextOfOrderly[mark.Producer] = next + 1;
        }
    }

    private int IndexOf(Offset start)
    {
        var (low, high) = (0, _batches.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var first = _batches[middle].First;
            if (first == start)
            {
                return middle;
            }

            (low, high) = first < start ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}

/// <summary>One committed batch, as far as replicas can differ in it.</summary>
/// <param name="First">Its first offset.</param>
/// <param name="Last">Its last offset.</param>
/// <param name="Epoch">The epoch it was written in.</param>
/// <param name="Crc">Its checksum.</param>
internal readonly record struct CommittedBatch(Offset First, Offset Last, LeaderEpoch Epoch, uint Crc);

/// <summary>The rules.</summary>
internal static class Rule
{
    /// <summary>Ends the run where a rule is broken.</summary>
    public static void Holds(bool condition, string rule, string otherwise)
    {
        if (!condition)
        {
            throw new SimulationFailure(rule, otherwise);
        }
    }
}
