using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Fuzz;

/// <summary>A frame from a broker; the first four bytes say what was asked.</summary>
internal sealed class ResponseTarget : ITarget
{
    public string Name => "response";

    public IReadOnlyList<byte[]> Seeds(Corpus corpus) => corpus.Responses;

    public long AllowedBytes(int inputLength) => MessageCheck.AllowedBytes(inputLength);

    public bool Accepts(byte[] input)
    {
        if (!RequestHeader.TryPeek(input, out var key, out var version) || !ApiCatalog.TryGet(key, out var api) || !api.Supports(version))
        {
            return false;
        }

        var reader = new ProtocolReader(input.AsMemory(4));
        return MessageCheck.Accepts(ref reader, new ResponseHeader(), new ResponseHeader(), api.ResponseHeaderVersion(version))
            && MessageCheck.Accepts(ref reader, api.NewResponse(), api.NewResponse(), version);
    }
}
