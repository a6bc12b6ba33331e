using System.Buffers.Binary;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Server.Tests.Hostile;

/// <summary>What cannot be understood closes its own connection, and nothing else.</summary>
public sealed class HostileFrameTests
{
    public static TheoryData<string, byte[]> Closing => new()
    {
        { "a size of zero", [0, 0, 0, 0] },
        { "a negative size", [0xff, 0xff, 0xff, 0xfe] },
        { "the most negative size", [0x80, 0, 0, 0] },
        { "a size above socket.request.max.bytes", [0x7f, 0xff, 0xff, 0xff] },
        { "half a header", Sized([0, 18]) },
        { "a key that nobody knows", Sized([0x03, 0xe7, 0, 0, 0, 0, 0, 1, 0xff, 0xff]) },
        { "a negative key", Sized([0xff, 0xff, 0, 0, 0, 0, 0, 1, 0xff, 0xff]) },
        { "a version that is not served", Sized([0, 3, 0x7f, 0xff, 0, 0, 0, 1, 0xff, 0xff, 0]) },
        { "a negative version", Sized([0, 3, 0xff, 0xff, 0, 0, 0, 1, 0xff, 0xff, 0]) },
        { "Produce 0, advertised and not served", Sized([0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]) },
        { "a client id longer than the frame", Sized([0, 18, 0, 0, 0, 0, 0, 1, 0x7f, 0xff, 65]) },
        { "two billion topics", Sized([0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]) },
        { "no protocol of ours", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray() },
        { "a greeting in TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03] },
    };

    [Theory]
    [MemberData(nameof(Closing))]
    public async Task What_cannot_be_understood_closes_its_connection_and_no_other(string what, byte[] bytes)
    {
        await using var server = await TestServer.StartAsync();
        using var good = server.Connect();
        using (var hostile = server.Connect())
        {
            hostile.Send(bytes);
            Assert.True(hostile.ReceiveFrame() is null, what);
        }

        Assert.NotEmpty(good.Call<ApiVersionsResponse>(new ApiVersionsRequest(), 2).ApiKeys);
    }

    [Fact]
    public async Task A_version_of_ApiVersions_from_the_future_is_answered_in_version_0_and_the_connection_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Send(Sized([0, 18, 0, 99, 0, 0, 0, 7, 0, 1, 65, 0, 2, 66, 2, 67, 0]));
        var answer = client.ReceiveFrame()!;
        Assert.Equal([0, 0, 0, 7, 0, 35], answer[..6]);
        Assert.NotEmpty(client.Call<ApiVersionsResponse>(new ApiVersionsRequest(), 2).ApiKeys);
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_of_a_frame_leaves_nothing_behind()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            using var hostile = server.Connect();
            hostile.Send([0, 16, 0, 0, 0, 0, 0, 9]);
        }

        using var good = server.Connect();
        Assert.NotEmpty(good.Call<ApiVersionsResponse>(new ApiVersionsRequest(), 2).ApiKeys);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task A_batch_that_would_fill_the_memory_when_decompressed_is_refused_by_itself(CompressionType codec)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        var answer = client.Call<ProduceResponse>(ProduceAndFetchTests.ProduceRequest("t", 1, Bombs.Of(codec)), 9).Responses[0].PartitionResponses[0];
        Assert.Equal(ErrorCode.MessageTooLarge, answer.ErrorCode);
        Assert.Equal(0, ProduceAndFetchTests.Produce(client, "t", 1, "a").BaseOffset.Value);
    }

    [Theory]
    [InlineData(CompressionType.None, int.MaxValue)]
    [InlineData(CompressionType.None, -1)]
    [InlineData(CompressionType.None, 0)]
    [InlineData(CompressionType.Zstd, int.MaxValue)]
    [InlineData(CompressionType.Gzip, 1)]
    public async Task A_count_of_records_that_lies_is_refused(CompressionType codec, int count)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        var answer = client.Call<ProduceResponse>(ProduceAndFetchTests.ProduceRequest("t", 1, Bombs.WithCount(codec, count)), 9).Responses[0].PartitionResponses[0];
        Assert.Equal(ErrorCode.InvalidRecord, answer.ErrorCode);
        Assert.Empty(ProduceAndFetchTests.Fetch(client, "t", 0));
    }

    internal static byte[] Sized(byte[] frame)
    {
        var bytes = new byte[frame.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        return bytes;
    }
}
