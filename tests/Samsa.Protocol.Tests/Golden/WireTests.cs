using Samsa.Protocol.Messages;

namespace Samsa.Protocol.Tests.Golden;

/// <summary>Frames that clients sent to a genuine broker and that it answered, read, compared and written again.</summary>
public class WireTests
{
    // What a reader accepts and a writer would never produce.
    private static readonly string[] s_oddRequests = ["unknown-tagged-fields", "tags-out-of-order", "not-utf8", "trailing", "extra-bytes", "pipelined"];

    [Fact]
    public void Every_recorded_request_is_read_and_written_again_byte_by_byte()
    {
        var compared = 0;
        foreach (var wire in WireCase.All.Where(c => c is { Request: not null, DecodedRequest: not null }))
        {
            if (!RequestHeader.TryPeek(wire.Request, out var key, out var asked) || !ApiCatalog.Get((ApiKey)key).Supports(asked))
            {
                // Produce v0-2 and Fetch v0-3 carry record formats that no longer exist.
                continue;
            }

            var (api, header, version) = ReadRequest(wire.Request!, out var request, out var left);
            var layout = Layout.Of(request.GetType().Name);
            Assert.Null(Named(wire, JsonComparison.Difference(layout.Root, version, request, wire.DecodedRequest!.Value)));
            if (s_oddRequests.Any(odd => wire.Name.Contains(odd, StringComparison.Ordinal)))
            {
                continue;
            }

            Assert.True(left == 0, $"{wire.Name}: {left} bytes left");
            byte[] again = [.. Wire.Write(header, api.RequestHeaderVersion(version)), .. Wire.Write(request, version)];
            Assert.True(again.AsSpan().SequenceEqual(wire.Request), $"{wire.Name}: written otherwise");
            compared++;
        }

        Assert.InRange(compared, 1400, int.MaxValue);
    }

    [Fact]
    public void Every_recorded_response_is_read_and_written_again_byte_by_byte()
    {
        var compared = 0;
        foreach (var wire in WireCase.All.Where(c => c is { Request: not null, Response: not null, DecodedResponse: not null }))
        {
            Assert.True(RequestHeader.TryPeek(wire.Request, out var key, out var version), wire.Name);
            Assert.True(ApiCatalog.TryGet(key, out var api), wire.Name);
            if (api.Key == ApiKey.ApiVersions && version is < 0 or > 4)
            {
                // A broker answers a version of ApiVersions that it does not know in version 0.
                version = 0;
            }

            if (!api.Supports(version))
            {
                continue;
            }

            var reader = new ProtocolReader(wire.Response);
            var header = new ResponseHeader();
            header.Read(ref reader, api.ResponseHeaderVersion(version));
            var response = api.NewResponse();
            response.Read(ref reader, version);
            Assert.True(reader.Remaining == 0, $"{wire.Name}: {reader.Remaining} bytes left");
            // Kafka 4.1 renamed this API and its fields (KIP-1142).
            var renamed = wire.Name.StartsWith("ListClientMetricsResources", StringComparison.Ordinal);
            Assert.Null(renamed ? null : Named(wire, JsonComparison.Difference(Layout.Of(response.GetType().Name).Root, version, response, wire.DecodedResponse!.Value)));
            byte[] again = [.. Wire.Write(header, api.ResponseHeaderVersion(version)), .. Wire.Write(response, version)];
            Assert.True(again.AsSpan().SequenceEqual(wire.Response), $"{wire.Name}: written otherwise");
            compared++;
        }

        Assert.InRange(compared, 1400, int.MaxValue);
    }

    [Fact]
    public void Every_recorded_oddity_is_a_request_or_a_protocol_error()
    {
        var odd = WireCase.All.Where(c => c is { Request: not null, DecodedRequest: null }).ToList();
        Assert.NotEmpty(odd);
        foreach (var wire in odd)
        {
            try
            {
                ReadRequest(wire.Request!, out _, out _);
            }
            catch (ProtocolException)
            {
                // Refused, as it may be.
            }
        }
    }

    [Theory]
    [InlineData("Metadata.v9.unknown-tagged-fields")]
    [InlineData("Metadata.v9.tags-out-of-order")]
    [InlineData("Frame.v0.array-length-minus-2")]
    [InlineData("Frame.v0.topic-not-utf8")]
    [InlineData("Frame.v0.client-id-not-utf8")]
    public void What_the_genuine_broker_accepts_is_accepted(string name)
    {
        var wire = WireCase.All.First(c => c.Name == name);
        ReadRequest(wire.Request!, out _, out _);
        Assert.NotNull(wire.Response);
    }

    [Theory]
    [InlineData("Frame.v0.header-cut-at-4")]
    [InlineData("Frame.v0.body-cut-by-2")]
    [InlineData("Frame.v0.http-request")]
    [InlineData("Frame.v0.array-length-max-int")]
    [InlineData("Frame.v0.varint-too-long")]
    [InlineData("Frame.v0.string-length-minus-5")]
    public void What_the_genuine_broker_refuses_is_refused(string name)
    {
        var wire = WireCase.All.First(c => c.Name == name);
        Assert.Throws<ProtocolException>(() => ReadRequest(wire.Request!, out _, out _));
        Assert.Null(wire.Response);
    }

    private static (ApiInfo Api, RequestHeader Header, short Version) ReadRequest(byte[] frame, out IRequest request, out int left)
    {
        if (!RequestHeader.TryPeek(frame, out var key, out var version) || !ApiCatalog.TryGet(key, out var api))
        {
            throw new ProtocolException("No such API");
        }

        var reader = new ProtocolReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        request = api.NewRequest();
        request.Read(ref reader, version);
        left = reader.Remaining;
        return (api, header, version);
    }

    private static string? Named(WireCase wire, string? difference) => difference is null ? null : $"{wire.Name}: {difference}";
}
