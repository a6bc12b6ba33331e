using System.Security.Cryptography;

namespace Samsa.Model;

/// <summary>Where ids come from that nobody may guess or meet twice. In the simulator they come from its seed.</summary>
public interface IRandomSource
{
    /// <summary>Fills the bytes at random. Any thread.</summary>
    void Fill(Span<byte> bytes);

    /// <summary>A fresh uuid of version 4.</summary>
    Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);

        // RFC 9562: version and variant have their places.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A number from 1 to 2,147,483,647.</summary>
    int NextPositive()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        while (true)
        {
            Fill(bytes);
            if ((BitConverter.ToInt32(bytes) & int.MaxValue) is > 0 and var number)
            {
                return number;
            }
        }
    }
}

/// <summary>The operating system's randomness, fit for secrets.</summary>
public sealed class SystemRandom : IRandomSource
{
    private SystemRandom()
    {
    }

    /// <summary>The only one.</summary>
    public static SystemRandom Instance { get; } = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        // The class library's generator loads a library of cryptography: megabytes that a broker needs for nothing else.
        using var device = File.OpenHandle("/dev/urandom");
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(device, bytes, fileOffset: 0);
            bytes = read > 0 ? bytes[read..] : throw new IOException("/dev/urandom gives nothing");
        }
    }
}
