using System.Net;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Server.Tests;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>Asks where a group continues, of whoever says that it is the group's coordinator.</summary>
/// <remarks>Not with librdkafka, whose admin requests to a coordinator that goes away end in a failed assertion (2.16).</remarks>
internal static class CommittedOffsets
{
    private const short Version = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Each partition's committed offset, -1 for none; nothing where nobody answers.</summary>
    public static (int Partition, long Offset)[] Ask(string bootstrap, string group, string topic, int partitions)
    {
        var request = new OffsetFetchRequest { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [.. Enumerable.Range(0, partitions)] }] };
        foreach (string server in bootstrap.Split(',').Shuffle())
        {
            try
            {
                using var client = new WireClient(IPEndPoint.Parse(server), Patience);
                var answer = client.Call<OffsetFetchResponse>(request, Version);
                if (answer.ErrorCode == ErrorCode.None)
                {
                    return [.. answer.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode == ErrorCode.None).Select(p => (p.PartitionIndex, p.CommittedOffset.Value))];
                }
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
            {
                // Somebody else may know.
            }
        }

        return [];
    }
}
