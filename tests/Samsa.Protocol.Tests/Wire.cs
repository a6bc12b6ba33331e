namespace Samsa.Protocol.Tests;

/// <summary>Messages to bytes and back.</summary>
internal static class Wire
{
    public static byte[] Write(IMessage message, int version)
    {
        var bytes = new byte[message.ComputeSize((short)version)];
        var writer = new ProtocolWriter(bytes);
        message.Write(ref writer, (short)version);
        Assert.Equal(bytes.Length, writer.Written);
        return bytes;
    }

    /// <summary>Reads a message, and returns how many bytes it left.</summary>
    public static int Read(IMessage into, ReadOnlyMemory<byte> bytes, int version)
    {
        var reader = new ProtocolReader(bytes);
        into.Read(ref reader, (short)version);
        return reader.Remaining;
    }

    /// <summary>Whether the bytes are a message; anything but a message or a <see cref="ProtocolException"/> fails the test.</summary>
    public static bool IsReadable(IMessage into, ReadOnlyMemory<byte> bytes, int version)
    {
        try
        {
            Read(into, bytes, version);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
