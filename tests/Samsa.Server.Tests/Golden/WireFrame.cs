using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests.Golden;

/// <summary>Frames with their size, to messages and back.</summary>
internal static class WireFrame
{
    public const int SizeLength = 4;

    public static bool TryReadRequest(
        ReadOnlyMemory<byte> frame, [NotNullWhen(true)] out RequestHeader? header, [NotNullWhen(true)] out IRequest? request, [NotNullWhen(true)] out ApiInfo? api)
    {
        (header, request, api) = (null, null, null);
        if (frame.Length < SizeLength
            || !RequestHeader.TryPeek(frame.Span[SizeLength..], out short key, out short version)
            || !ApiCatalog.TryGet(key, out api)
            || !api.Supports(version))
        {
            return false;
        }

        try
        {
            var reader = new ProtocolReader(frame[SizeLength..]);
            header = new RequestHeader();
            header.Read(ref reader, api.RequestHeaderVersion(version));
            request = api.NewRequest();
            request.Read(ref reader, version);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    /// <summary>The answer's correlation id and body as a tree; the request says which API and version it has.</summary>
    /// <exception cref="ProtocolException">The answer cannot be decoded as one to this request.</exception>
    public static JsonObject ReadResponse(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> response)
    {
        if (!RequestHeader.TryPeek(request.Span[SizeLength..], out short key, out short version) || !ApiCatalog.TryGet(key, out ApiInfo? api))
        {
            throw new ProtocolException("The request has no known API key");
        }

        if (api.Key == ApiKey.ApiVersions && !api.Supports(version))
        {
            // Whoever asks in an unknown version is answered in version 0.
            version = 0;
        }

        var reader = new ProtocolReader(response[SizeLength..]);
        var header = new ResponseHeader();
        header.Read(ref reader, api.ResponseHeaderVersion(version));
        IResponse body = api.NewResponse();
        body.Read(ref reader, version);
        JsonObject tree = MessageTree.Of(body);
        tree["CorrelationId"] = header.CorrelationId;
        tree["BytesLeft"] = reader.Remaining;
        return tree;
    }

    public static byte[] Write(RequestHeader header, IRequest request, ApiInfo api)
    {
        short version = header.ApiVersion;
        short headerVersion = api.RequestHeaderVersion(version);
        int length = header.ComputeSize(headerVersion) + request.ComputeSize(version);
        byte[] frame = new byte[SizeLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        var writer = new ProtocolWriter(frame.AsSpan(SizeLength));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return frame;
    }

    /// <summary>Pipelined frames one by one; one piece where the sizes make no sense.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> frames)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        ReadOnlyMemory<byte> rest = frames;
        while (rest.Length >= SizeLength && BinaryPrimitives.ReadInt32BigEndian(rest.Span) is var size and >= 0 && size <= rest.Length - SizeLength)
        {
            parts.Add(rest[..(SizeLength + size)]);
            rest = rest[(SizeLength + size)..];
        }

        return rest.Length == 0 ? parts : [frames];
    }
}
