using System.IO.Compression;

namespace Samsa.Records;

/// <summary>Reads gzip data, members back to back included.</summary>
internal sealed class GzipDecoder : IRecordDecoder, IDisposable
{
    private Stream? _source;
    private GZipStream? _gzip;

    public void Open(ReadOnlyMemory<byte> compressed)
    {
        if (compressed.IsEmpty)
        {
            throw RecordDecompression.Corrupt(CompressionType.Gzip, "empty");
        }

        _source = new ReadOnlyMemoryStream(compressed);
        _gzip = new GZipStream(_source, CompressionMode.Decompress, leaveOpen: true);
    }

    public int Read(Span<byte> destination)
    {
        try
        {
            return _gzip!.Read(destination);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw RecordDecompression.Corrupt(CompressionType.Gzip, e.Message, e);
        }
    }

    public void Close()
    {
        _gzip?.Dispose();
        _source?.Dispose();
        _gzip = null;
        _source = null;
    }

    public void Dispose() => Close();
}
