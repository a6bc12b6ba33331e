namespace Samsa.Records;

/// <summary>
/// Powers of x modulo the Castagnoli polynomial, bit-reflected. A register moves D bits on by multiplying its low half
/// (the earlier, higher-order bytes) with x^(D+32) and its high half with x^(D-32); each product of reflected values
/// comes out one bit short, so these constants are shifted left by one. A test derives each again.
/// </summary>
internal static class Crc32CConstants
{
    internal const ulong Fold128Low = 0xF20C0DFE, Fold128High = 0x14CD00BD6;
    internal const ulong Fold256Low = 0x1384AA63A, Fold256High = 0xBA4FC28E;
    internal const ulong Fold384Low = 0x1C291D04, Fold384High = 0x1D82C63DA;
    internal const ulong Fold512Low = 0x740EEF02, Fold512High = 0x9E4ADDF8;
    internal const ulong Fold1024Low = 0x6992CEA2, Fold1024High = 0xD3B6092;
    internal const ulong Fold2048Low = 0xDCB17AA4, Fold2048High = 0xB9E02B86;

    /// <summary>Moves a 32-bit state over N bytes once its product has gone through one more CRC step: x^(8N-33).</summary>
    internal const ulong Shift256 = 0xB9E02B86, Shift512 = 0xDD7E3B0C, Shift4096 = 0x82F89C77, Shift8192 = 0x54A86326;
}
