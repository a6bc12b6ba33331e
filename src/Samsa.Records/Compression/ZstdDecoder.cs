using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Samsa.Records;

/// <summary>Reads Zstandard frames. The window is bounded to 128 MB, what level 22 of other clients may ask for.</summary>
internal sealed class ZstdDecoder : IRecordDecoder, IDisposable
{
    private const int MaxWindowLog = 27;

    // A window is memory that is touched only as far as it is filled; a decoder that filled more is not kept.
    private const long LargestKept = 8 * 1024 * 1024;

    private Decompressor? _decompressor;
    private ReadOnlyMemory<byte> _rest;
    private long _produced;
    private bool _atFrameEnd;

    public void Open(ReadOnlyMemory<byte> compressed)
    {
        if (compressed.IsEmpty)
        {
            throw RecordDecompression.Corrupt(CompressionType.Zstd, "empty");
        }

        if (_decompressor is null)
        {
            _decompressor = new Decompressor();
            _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        }

        _decompressor.ResetStream();
        _rest = compressed;
        _produced = 0;
        _atFrameEnd = false;
    }

    public int Read(Span<byte> destination)
    {
        try
        {
            while (true)
            {
                if (_atFrameEnd && _rest.IsEmpty)
                {
                    return 0;
                }

                var status = _decompressor!.UnwrapStream(_rest.Span, destination, out var consumed, out var written);
                _rest = _rest[consumed..];
                _produced += written;
                _atFrameEnd = status == OperationStatus.Done;
                if (written > 0)
                {
                    return written;
                }

                if (consumed == 0 && !_atFrameEnd)
                {
                    throw RecordDecompression.Corrupt(CompressionType.Zstd, "cut short");
                }
            }
        }
        catch (ZstdException e)
        {
            throw RecordDecompression.Corrupt(CompressionType.Zstd, e.Message, e);
        }
    }

    public void Close()
    {
        _rest = default;
        if (_produced > LargestKept)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _decompressor?.Dispose();
        _decompressor = null;
    }
}
