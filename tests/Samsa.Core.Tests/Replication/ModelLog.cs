using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

/// <summary>A log for models: a value and an epoch per offset, and where epochs begin, as the real one keeps them.</summary>
internal sealed class ModelLog
{
    private readonly List<(int Epoch, int Value)> _records = [];
    private readonly List<(int Epoch, long Start)> _epochs = [];

    public long Start { get; private set; }

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    public long End => Start + _records.Count;

    public LeaderEpoch LastEpoch => new(_records.Count > 0 ? _records[^1].Epoch : -1);

    public (int Epoch, int Value) this[long offset] => _records[(int)(offset - Start)];

    public void Assign(int epoch)
    {
        _epochs.RemoveAll(e => e.Start >= End || e.Epoch >= epoch);
        _epochs.Add((epoch, End));
    }

    public void Append((int Epoch, int Value) record)
    {
        if (_epochs.Count == 0 || record.Epoch > _epochs[^1].Epoch)
        {
            Assign(record.Epoch);
        }

        _records.Add(record);
    }

    public (int Epoch, int Value)[] Read(long from, int count) => [.. _records.Skip((int)(from - Start)).Take(count)];

    public void TruncateTo(long offset)
    {
        Cuts++;
        if (offset < Start)
        {
            StartAt(offset);
            return;
        }

        _records.RemoveRange((int)(offset - Start), (int)(End - offset));
        _epochs.RemoveAll(e => e.Start >= offset);
    }

    public void StartAt(long offset)
    {
        _records.Clear();
        _epochs.Clear();
        Start = offset;
    }

    public void AdvanceStart(long offset)
    {
        _records.RemoveRange(0, (int)(offset - Start));
        Start = offset;
        var before = _epochs.FindLastIndex(e => e.Start <= offset);
        if (before >= 0)
        {
            _epochs[before] = (_epochs[before].Epoch, offset);
            _epochs.RemoveRange(0, before);
        }
    }

    public (LeaderEpoch Epoch, Offset EndOffset) EndOffsetFor(LeaderEpoch requested)
    {
        if (!requested.IsKnown || _epochs.Count == 0 || requested.Value > _epochs[^1].Epoch)
        {
            return (LeaderEpoch.None, Offset.None);
        }

        var higher = _epochs.FindIndex(e => e.Epoch > requested.Value);
        return higher < 0 ? (requested, new Offset(End))
            : (higher == 0 ? requested : new LeaderEpoch(_epochs[higher - 1].Epoch), new Offset(_epochs[higher].Start));
    }

    public ModelLog Copy()
    {
        var copy = new ModelLog { Start = Start };
        copy._records.AddRange(_records);
        copy._epochs.AddRange(_epochs);
        return copy;
    }
}
