using System.Globalization;
using Samsa.Model;

namespace Samsa.Controller;

/// <summary>Which part of the log a snapshot stands for, as its file is named (KIP-630): <c>%020d-%010d.checkpoint</c>.</summary>
/// <param name="End">The offset after the last record in it.</param>
/// <param name="Epoch">The epoch of that record.</param>
internal readonly record struct SnapshotId(Offset End, LeaderEpoch Epoch)
{
    private const string Suffix = ".checkpoint";

    /// <summary>The file's name.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{End.Value:D20}-{Epoch.Value:D10}{Suffix}");

    /// <summary>The name while the file is not whole.</summary>
    public string PartFileName => FileName + ".part";

    /// <summary>Whether a file is left over from a snapshot that was not finished, or was about to be deleted.</summary>
    public static bool IsLeftover(string fileName) =>
        fileName.EndsWith($"{Suffix}.part", StringComparison.Ordinal) || fileName.EndsWith($"{Suffix}.deleted", StringComparison.Ordinal);

    /// <summary>Reads a file's name; false where it is no snapshot's.</summary>
    public static bool TryParse(string fileName, out SnapshotId id)
    {
        id = default;
        var name = fileName.AsSpan();
        if (name.Length != 31 + Suffix.Length || !name.EndsWith(Suffix, StringComparison.Ordinal) || name[20] != '-'
            || !long.TryParse(name[..20], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            || !int.TryParse(name[21..31], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }

        id = new SnapshotId(new Offset(end), new LeaderEpoch(epoch));
        return true;
    }
}
