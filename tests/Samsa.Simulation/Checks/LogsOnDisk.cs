using System.Globalization;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>Looks at the files themselves for what a replica has: whatever its broker says, and if there is none.</summary>
internal sealed class LogsOnDisk(History history)
{
    private readonly Dictionary<(BrokerId Broker, string File), Walked> _walked = [];

    /// <summary>Whether the committed record at an offset is on a machine's disk.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">The partition.</param>
    /// <param name="offset">The record's offset.</param>
    /// <param name="forSure">Whether a power cut must leave it there.</param>
    public bool Has(SimulatedMachine machine, TopicPartition name, Offset offset, bool forSure)
    {
        var (file, bytes) = machine.Disk.FilesIn($"/data/{name}", forSure)
            .Where(f => Path.GetExtension(f.Path) == ".log" && FirstOffsetOf(f.Path) <= offset)
            .OrderBy(f => FirstOffsetOf(f.Path))
            .LastOrDefault();
        if (file is null)
        {
            return false;
        }

        // Each sync gives the file new bytes; until then a walk goes on where the last one ended.
        var walked = _walked.GetValueOrDefault((machine.Id, file));
        walked = ReferenceEquals(walked.Bytes, bytes) ? walked : new Walked(bytes, 0, FirstOffsetOf(file));
        walked = Walk(walked, history.Of(name), offset);
        _walked[(machine.Id, file)] = walked;
        return walked.End > offset;
    }

    private static Offset FirstOffsetOf(string path) => new(long.Parse(Path.GetFileNameWithoutExtension(path.AsSpan()), CultureInfo.InvariantCulture));

    // Up to the first batch that is damaged, or is not the committed one.
    private static Walked Walk(Walked walked, PartitionHistory committed, Offset offset)
    {
        while (walked.End <= offset
            && BatchHeader.TryRead(walked.Bytes.AsSpan(walked.Position), out var header)
            && RecordBatch.IsCrcValid(walked.Bytes.AsSpan(walked.Position))
            && committed.Has(header))
        {
            walked = walked with { Position = walked.Position + header.SizeInBytes, End = header.NextOffset };
        }

        return walked;
    }

    private readonly record struct Walked(byte[] Bytes, int Position, Offset End);
}
