using System.Globalization;
using System.Text;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Where each leader epoch begins in the log (KIP-101), with its file <c>leader-epoch-checkpoint</c>. Reads need no lock.</summary>
internal sealed class LeaderEpochCache
{
    private EpochStart[] _starts = [];
    private EpochStart[]? _written;

    /// <summary>Whether there are changes that the file does not have.</summary>
    public bool IsUnwritten { get; private set; }

    /// <summary>Whether there are changes that a power cut would take.</summary>
    public bool IsUnsynced { get; private set; }

    public ReadOnlySpan<EpochStart> Starts => Volatile.Read(ref _starts);

    /// <summary>The latest epoch, or none.</summary>
    public LeaderEpoch Latest => Starts is { Length: > 0 } starts ? starts[^1].Epoch : LeaderEpoch.None;

    /// <summary>An epoch begins at an offset. Later epochs, and epochs beginning there or after it, held no record that stayed: they go.</summary>
    public void Assign(LeaderEpoch epoch, Offset start)
    {
        var starts = _starts;
        if (!epoch.IsKnown || (starts.Length > 0 && starts[^1].Epoch == epoch && starts[^1].Start <= start))
        {
            return;
        }

        var kept = starts.Length;
        while (kept > 0 && (starts[kept - 1].Epoch >= epoch || starts[kept - 1].Start >= start))
        {
            kept--;
        }

        Set([.. starts.AsSpan(0, kept), new EpochStart(epoch, start)]);
    }

    /// <summary>The epoch of the record at an offset.</summary>
    public LeaderEpoch EpochAt(Offset offset)
    {
        var starts = Starts;
        for (var i = starts.Length - 1; i >= 0; i--)
        {
            if (starts[i].Start <= offset)
            {
                return starts[i].Epoch;
            }
        }

        return LeaderEpoch.None;
    }

    /// <summary>KIP-101, KIP-279: the largest known epoch not above the requested one, and where it ended.</summary>
    public (LeaderEpoch Epoch, Offset EndOffset) EndOffsetFor(LeaderEpoch requested, Offset logEnd)
    {
        var starts = Starts;
        if (!requested.IsKnown || starts.IsEmpty || requested > starts[^1].Epoch)
        {
            return (LeaderEpoch.None, Offset.None);
        }

        if (requested == starts[^1].Epoch)
        {
            return (requested, logEnd);
        }

        var higher = 0;
        while (starts[higher].Epoch <= requested)
        {
            higher++;
        }

        return (higher == 0 ? requested : starts[higher - 1].Epoch, starts[higher].Start);
    }

    /// <summary>The log ends at an offset now.</summary>
    public void TruncateFromEnd(Offset end)
    {
        var starts = _starts;
        var kept = starts.Length;
        while (kept > 0 && starts[kept - 1].Start >= end)
        {
            kept--;
        }

        if (kept < starts.Length)
        {
            Set(starts[..kept]);
        }
    }

    /// <summary>The log begins at an offset now: the epoch it is in begins there.</summary>
    public void TruncateFromStart(Offset start)
    {
        var starts = _starts;
        var dropped = 0;
        while (dropped < starts.Length && starts[dropped].Start < start)
        {
            dropped++;
        }

        if (dropped == 0)
        {
            return;
        }

        var rest = starts.AsSpan(dropped);
        Set(rest.Length > 0 && rest[0].Start == start ? [.. rest] : [new EpochStart(starts[dropped - 1].Epoch, start), .. rest]);
    }

    public void Clear() => Set([]);

    /// <summary>Writes the file where there are changes.</summary>
    public void Persist(LogFiles files, bool durable)
    {
        if (!IsUnwritten && !(durable && IsUnsynced))
        {
            return;
        }

        files.Disk.ReplaceFile(files.PathOf(LogFiles.EpochsName), Encode(), durable);
        _written = _starts;
        IsUnwritten = false;
        IsUnsynced &= !durable;
    }

    /// <summary>Reads the file; false where it makes no sense.</summary>
    public bool TryLoad(LogFiles files)
    {
        if (Decode(files.Disk.ReadAllText(files.PathOf(LogFiles.EpochsName))) is not { } starts)
        {
            return false;
        }

        _starts = starts;
        _written = starts;
        return true;
    }

    public string Encode()
    {
        var text = new StringBuilder();
        _ = text.Append(CultureInfo.InvariantCulture, $"0\n{_starts.Length}\n");
        foreach (var start in _starts)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{start.Epoch.Value} {start.Start.Value}\n");
        }

        return text.ToString();
    }

    public static EpochStart[]? Decode(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || lines[0] != "0" || !int.TryParse(lines[1], out var count) || count != lines.Length - 2)
        {
            return null;
        }

        var starts = new EpochStart[count];
        for (var i = 0; i < count; i++)
        {
            var fields = lines[i + 2].Split(' ');
            if (fields.Length != 2
                || !int.TryParse(fields[0], out var epoch)
                || !long.TryParse(fields[1], out var start)
                || (i > 0 && (epoch <= starts[i - 1].Epoch.Value || start < starts[i - 1].Start.Value)))
            {
                return null;
            }

            starts[i] = new EpochStart(new LeaderEpoch(epoch), new Offset(start));
        }

        return starts;
    }

    private void Set(EpochStart[] starts)
    {
        // Recovery takes epochs off and finds them again: then the file is right as it is.
        IsUnwritten = _written is null || !starts.AsSpan().SequenceEqual(_written);
        IsUnsynced = true;
        Volatile.Write(ref _starts, starts);
    }
}

/// <summary>An epoch and the offset of its first record.</summary>
internal readonly record struct EpochStart(LeaderEpoch Epoch, Offset Start);
