using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Fuzz.Live;

/// <summary>Somebody who behaves, and must be served whatever the others do.</summary>
internal sealed class GoodClient : IDisposable
{
    private readonly Socket _socket;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    public GoodClient(IPEndPoint broker, TimeSpan patience)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)patience.TotalMilliseconds };
        _socket.Connect(broker);
    }

    /// <summary>The first question of any client.</summary>
    public void AskVersions()
    {
        if (Call<ApiVersionsResponse>(new ApiVersionsRequest(), 0).ApiKeys.Length == 0)
        {
            throw new IOException("the broker serves nothing");
        }
    }

    /// <summary>Makes a topic, writes to it and reads it back. The topic has settings of its own, since those of the broker may have been changed.</summary>
    public void ProduceAndFetch(int seed)
    {
        var topic = $"health-{seed}-{Guid.NewGuid():N}";
        var created = Call<CreateTopicsResponse>(
            new CreateTopicsRequest
            {
                TimeoutMs = 10_000,
                Topics =
                [
                    new()
                    {
                        Name = topic, NumPartitions = 1, ReplicationFactor = 1,
                        Configs = [new() { Name = "max.message.bytes", Value = "1000000" }, new() { Name = "cleanup.policy", Value = "delete" }],
                    },
                ],
            },
            4).Topics[0];
        Expect(created.ErrorCode, "topic not made");
        using var builder = new RecordBatchBuilder();
        builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, Encoding.UTF8.GetBytes("well"));
        var written = Call<ProduceResponse>(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 10_000,
                TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = new RecordsPayload(builder.Build().ToArray()) }] }],
            },
            9).Responses[0].PartitionResponses[0];
        Expect(written.ErrorCode, "not written");
        var read = Call<FetchResponse>(
            new FetchRequest
            {
                MaxWaitMs = 5000, MinBytes = 1, MaxBytes = 1 << 20,
                Topics = [new() { Topic = topic, Partitions = [new() { PartitionMaxBytes = 1 << 20 }] }],
            },
            11).Responses;
        if (read.Length == 0 || read[0].Partitions[0].Records.Memory.Span.IndexOf("well"u8) < 0)
        {
            throw new IOException("what was written was not read");
        }
    }

    public void Dispose() => _socket.Dispose();

    private static void Expect(ErrorCode error, string otherwise)
    {
        if (error != ErrorCode.None)
        {
            throw new IOException($"{otherwise}: {error}");
        }
    }

    private TResponse Call<TResponse>(IRequest request, short version)
        where TResponse : IResponse
    {
        var info = ApiCatalog.Get(request.ApiKey);
        var header = new RequestHeader { ApiKey = (short)request.ApiKey, ApiVersion = version, CorrelationId = 7, ClientId = "good" };
        var headerVersion = info.RequestHeaderVersion(version);
        var frame = new byte[4 + header.ComputeSize(headerVersion) + request.ComputeSize(version)];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        var writer = new ProtocolWriter(frame.AsSpan(4));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        _socket.Send(frame);
        var reader = new ProtocolReader(Receive(BinaryPrimitives.ReadInt32BigEndian(Receive(4))));
        new ResponseHeader().Read(ref reader, info.ResponseHeaderVersion(version));
        var response = info.NewResponse();
        response.Read(ref reader, version);
        return (TResponse)response;
    }

    private byte[] Receive(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var read = _socket.Receive(bytes.AsSpan(got));
            got += read > 0 ? read : throw new IOException("the connection was closed");
        }

        return bytes;
    }
}
