using Samsa.Protocol;

namespace Samsa.Fuzz;

/// <summary>What every message that could be read must hold.</summary>
internal static class MessageCheck
{
    /// <summary>
    /// An object with every field null or empty takes few bytes on the wire and some hundred in memory; reading, writing and
    /// reading again makes it thrice.
    /// </summary>
    public static long AllowedBytes(int inputLength) => 60_000 + (inputLength * 600L);

    /// <summary>Reads a message, writes it, reads what was written, and writes that: both times the same bytes.</summary>
    public static bool Accepts(ref ProtocolReader reader, IMessage message, IMessage copy, short version)
    {
        byte[] written;
        try
        {
            message.Read(ref reader, version);
            written = Write(message, version);
        }
        catch (ProtocolException)
        {
            // Also when writing: bytes that were no UTF-8 have grown, and a string may have become too long.
            return false;
        }

        var again = new ProtocolReader(written);
        copy.Read(ref again, version);
        if (again.Remaining != 0 || !written.AsSpan().SequenceEqual(Write(copy, version)))
        {
            throw new InvalidOperationException("What was written is not what was read");
        }

        return true;
    }

    private static byte[] Write(IMessage message, short version)
    {
        var bytes = new byte[message.ComputeSize(version)];
        var writer = new ProtocolWriter(bytes);
        message.Write(ref writer, version);
        return writer.Written == bytes.Length ? bytes : throw new InvalidOperationException("ComputeSize and Write differ");
    }
}
