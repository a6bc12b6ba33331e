using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeClusterTests
{
    [Fact]
    public async Task The_cluster_is_its_id_and_its_brokers()
    {
        await using var broker = await TestBroker.StartAsync();
        var answer = await broker.CallAsync<DescribeClusterResponse>(new DescribeClusterRequest());
        Assert.Equal((ErrorCode.None, 22, 1), (answer.ErrorCode, answer.ClusterId.Length, answer.ControllerId.Value));
        Assert.Equal((1, "localhost", 9092), answer.Brokers.Select(b => (b.BrokerId.Value, b.Host, b.Port)).Single());
    }

    [Theory]
    [InlineData(2, ErrorCode.MismatchedEndpointType)]
    [InlineData(3, ErrorCode.UnsupportedEndpointType)]
    public async Task Who_wants_to_hear_of_controllers_asked_at_the_wrong_place(sbyte type, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(error, (await broker.CallAsync<DescribeClusterResponse>(new DescribeClusterRequest { EndpointType = type })).ErrorCode);
    }
}
