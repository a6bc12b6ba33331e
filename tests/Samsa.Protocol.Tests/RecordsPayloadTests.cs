namespace Samsa.Protocol.Tests;

public class RecordsPayloadTests
{
    [Fact]
    public void The_default_is_null_and_not_empty()
    {
        Assert.True(default(RecordsPayload).IsNull);
        Assert.False(RecordsPayload.Empty.IsNull);
        Assert.Equal(0, default(RecordsPayload).Length);
    }

    [Fact]
    public void A_source_is_copied_straight_into_the_frame()
    {
        var response = new Messages.FetchResponse
        {
            Responses = [new() { Topic = "t", Partitions = [new() { Records = new RecordsPayload(new Counting(5)) }] }],
        };
        var bytes = Wire.Write(response, 4);
        Assert.Equal([0, 0, 0, 5, 0, 1, 2, 3, 4], bytes[^9..]);
        Assert.Throws<InvalidOperationException>(() => response.Responses[0].Partitions[0].Records.Memory);
    }

    [Fact]
    public void Reading_a_produce_request_allocates_its_objects_and_no_record_bytes()
    {
        var request = new Messages.ProduceRequest
        {
            Acks = 1,
            TopicData = [new() { Name = "orders", PartitionData = [new() { Index = 3, Records = new RecordsPayload(new byte[1 << 20]) }] }],
        };
        var frame = Wire.Write(request, 9);
        _ = Allocated(frame);
        // Request, topic, partition, two arrays of one, one string.
        Assert.InRange(Allocated(frame), 1, 350);

        static long Allocated(byte[] frame)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Wire.Read(new Messages.ProduceRequest(), frame, 9);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private sealed class Counting(int length) : IRecordsSource
    {
        public int Length => length;

        public void CopyTo(Span<byte> destination)
        {
            Assert.Equal(length, destination.Length);
            for (var i = 0; i < length; i++)
            {
                destination[i] = (byte)i;
            }
        }
    }
}
