using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Controller.Tests;

/// <summary>A listener whose state is as small as can be: the values of some settings, and every change it saw.</summary>
internal sealed class Settings : IMetadataListener
{
    public SortedDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The offsets of the changes applied, the last record of each.</summary>
    public List<long> Applied { get; } = [];

    /// <summary>All records seen, in order.</summary>
    public List<IMetadataRecord> Records { get; } = [];

    /// <summary>The offset after the last record seen.</summary>
    public Offset Last { get; private set; } = Offset.Zero;

    /// <summary>Where the snapshot ended that was loaded; null without one.</summary>
    public Offset? Loaded { get; private set; }

    public static ConfigRecord Set(string name, string? value) => new() { ResourceType = 2, ResourceName = "topic", Name = name, Value = value };

    public void Load(Offset end, IEnumerable<IMetadataRecord> records)
    {
        Values.Clear();
        Loaded = end;
        Apply(records);
        Last = end;
    }

    public void Apply(Offset last, IReadOnlyList<IMetadataRecord> records)
    {
        Applied.Add(last.Value);
        Apply(records);
        Last = last + 1;
    }

    public IEnumerable<IMetadataRecord> Snapshot() => Values.Select(v => Set(v.Key, v.Value));

    private void Apply(IEnumerable<IMetadataRecord> records)
    {
        foreach (var record in records)
        {
            Records.Add(record);
            if (record is ConfigRecord { Value: { } value } set)
            {
                Values[set.Name] = value;
            }
            else if (record is ConfigRecord unset)
            {
                Values.Remove(unset.Name);
            }
        }
    }
}
