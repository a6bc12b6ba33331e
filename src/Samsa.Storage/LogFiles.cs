using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The names of the files in a partition directory (Kafka's), and the disk they are on.</summary>
internal sealed class LogFiles(IFileSystem disk, string directory)
{
    public const string LogSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";
    public const string TransactionIndexSuffix = ".txnindex";
    public const string SnapshotSuffix = ".snapshot";
    public const string DeletedSuffix = ".deleted";
    public const string CleanedSuffix = ".cleaned";
    public const string SwapSuffix = ".swap";
    public const string TemporarySuffix = ".tmp";
    public const string EpochsName = "leader-epoch-checkpoint";
    public const string MetadataName = "partition.metadata";

    private const int OffsetDigits = 20;

    /// <summary>What a segment consists of; <c>.log</c> first, for without it the others mean nothing.</summary>
    public static readonly string[] SegmentSuffixes = [LogSuffix, OffsetIndexSuffix, TimeIndexSuffix, TransactionIndexSuffix];

    public IFileSystem Disk { get; } = disk;

    public string Directory { get; set; } = directory;

    public string PathOf(string name) => Path.Join(Directory, name);

    public string PathOf(Offset baseOffset, string suffix) => Path.Join(Directory, NameOf(baseOffset, suffix));

    public static string NameOf(Offset baseOffset, string suffix) => $"{baseOffset.Value:D20}{suffix}";

    /// <summary>Splits <c>00000000000000000042.log</c> into offset and suffix; false for names of another form.</summary>
    public static bool TryParse(string name, out Offset baseOffset, out string suffix)
    {
        baseOffset = default;
        suffix = "";
        if (name.Length <= OffsetDigits || name[OffsetDigits] != '.' || !long.TryParse(name.AsSpan(0, OffsetDigits), out var value) || value < 0)
        {
            return false;
        }

        baseOffset = new Offset(value);
        suffix = name[OffsetDigits..];
        return true;
    }
}
