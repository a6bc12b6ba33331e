namespace Samsa.Records;

/// <summary>The bits of the LZ4 frame format, as far as Kafka's clients use them.</summary>
internal static class Lz4Frame
{
    internal const uint Magic = 0x184D2204;

    /// <summary>Version 1 in the top two bits.</summary>
    internal const byte Version = 0x40;
    internal const byte VersionMask = 0xC0;
    internal const byte IndependentBlocks = 0x20;
    internal const byte BlockChecksums = 0x10;
    internal const byte ContentSize = 0x08;
    internal const byte ContentChecksum = 0x04;
    internal const byte ReservedFlag = 0x02;
    internal const byte DictionaryId = 0x01;

    /// <summary>Blocks of up to 64 KB: what the Java client writes.</summary>
    internal const byte BlockSize64K = 4 << 4;
    internal const byte ReservedBlockBits = 0x8F;

    /// <summary>Set in a block's length where the block is stored as it is.</summary>
    internal const uint Stored = 0x8000_0000;

    /// <summary>How far back a block that is not independent may refer.</summary>
    internal const int History = 64 * 1024;

    /// <summary>Bytes of the largest block for the code in bits 4 to 6: 4 is 64 KB, then four times as much each; 0 for codes that are none.</summary>
    internal static int MaxBlockSize(int descriptor)
    {
        var code = (descriptor >> 4) & 7;
        return code < 4 ? 0 : 1 << (8 + (2 * code));
    }

    /// <summary>The header's checksum: of flags, descriptor and what follows them.</summary>
    internal static byte HeaderChecksum(ReadOnlySpan<byte> descriptor) => (byte)(XxHash32.Compute(descriptor) >> 8);
}
