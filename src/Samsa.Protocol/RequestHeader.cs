using System.Buffers.Binary;

namespace Samsa.Protocol.Messages;

// What has to be known of a header before its version is.
public sealed partial class RequestHeader
{
    /// <summary>Reads API key and version, which decide how the header goes on, from the start of a frame.</summary>
    /// <returns>False where the frame is too short to hold them.</returns>
    public static bool TryPeek(ReadOnlySpan<byte> frame, out short apiKey, out short apiVersion)
    {
        apiKey = apiVersion = 0;
        return BinaryPrimitives.TryReadInt16BigEndian(frame, out apiKey)
            && BinaryPrimitives.TryReadInt16BigEndian(frame[2..], out apiVersion);
    }
}
