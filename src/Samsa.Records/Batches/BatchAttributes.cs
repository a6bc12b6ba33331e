namespace Samsa.Records;

/// <summary>The bits of a batch's attributes; the low three hold the codec.</summary>
[Flags]
internal enum BatchAttributes : short
{
    None = 0,
    CodecMask = 0x07,
    LogAppendTime = 0x08,
    Transactional = 0x10,
    Control = 0x20,
    DeleteHorizon = 0x40,
}
