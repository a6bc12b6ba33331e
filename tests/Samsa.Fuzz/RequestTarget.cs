using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Fuzz;

/// <summary>A frame from a client: header, then the body of any API and version.</summary>
internal sealed class RequestTarget : ITarget
{
    public string Name => "request";

    public IReadOnlyList<byte[]> Seeds(Corpus corpus) => corpus.Requests;

    public long AllowedBytes(int inputLength) => MessageCheck.AllowedBytes(inputLength);

    public bool Accepts(byte[] input)
    {
        if (!RequestHeader.TryPeek(input, out var key, out var version) || !ApiCatalog.TryGet(key, out var api) || !api.Supports(version))
        {
            return false;
        }

        var reader = new ProtocolReader(input);
        return MessageCheck.Accepts(ref reader, new RequestHeader(), new RequestHeader(), api.RequestHeaderVersion(version))
            && MessageCheck.Accepts(ref reader, api.NewRequest(), api.NewRequest(), version);
    }
}
