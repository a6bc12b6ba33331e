namespace Samsa.Storage;

/// <summary>Tells a full disk, which passes, from a broken one. The codes are errno where there is one, else those of Windows.</summary>
internal static class DiskErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the disk has no room, for anybody or for us.</summary>
    public static bool IsFull(IOException failure) =>
        failure.HResult is WindowsDiskFull || (!OperatingSystem.IsWindows() && failure.HResult is NoSpace or QuotaExceeded);
}
