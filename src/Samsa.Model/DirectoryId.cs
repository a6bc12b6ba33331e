namespace Samsa.Model;

/// <summary>Ids that stand for no log directory in particular (KIP-858).</summary>
public static class DirectoryId
{
    private const int ReservedIds = 100;

    /// <summary>Some directory, chosen before directories had ids.</summary>
    public static Guid Migrating => Guid.Empty;

    /// <summary>None yet: the broker says which once it made the log.</summary>
    public static Guid Unassigned { get; } = Reserved(1);

    /// <summary>One that failed.</summary>
    public static Guid Lost { get; } = Reserved(2);

    /// <summary>Whether the id is not a real directory's.</summary>
    public static bool IsReserved(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[^1] < ReservedIds && !bytes[..^1].ContainsAnyExcept((byte)0);
    }

    private static Guid Reserved(byte last) => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
}
