using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>Reads one partition from its beginning on, as a consumer without a group, and sees that it reads what was committed and all of it.</summary>
internal sealed class Reader(SimulatedClient client, TopicPartition partition, History history)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(4);

    /// <summary>Which partition.</summary>
    public TopicPartition Partition => partition;

    /// <summary>The next record it wants.</summary>
    public Offset Position { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{client.Name} is at {Position}";

    /// <summary>Reads for ever.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            if (client.LeaderOf(partition) is not { } leader)
            {
                await client.RefreshAsync(partition.Topic);
                await client.RestAsync(TimeSpan.FromMilliseconds(100));
                continue;
            }

            if (!await ReadAsync(leader))
            {
                await client.RefreshAsync(partition.Topic);
                await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(20, 200)));
            }
        }
    }

    private async Task<bool> ReadAsync(Broker.Peers.PeerAddress leader)
    {
        try
        {
            using var answer = await client.AskForRecordsAsync<FetchResponse>(leader, Request(client, partition, Position, maxWaitMs: 500), s_timeout);
            if (answer.Response.ErrorCode != ErrorCode.None || answer.Response.Responses.Length == 0)
            {
                return answer.Response.ErrorCode == ErrorCode.None;
            }

            var data = answer.Response.Responses[0].Partitions[0];
            Rule.Holds(
                data.ErrorCode != ErrorCode.OffsetOutOfRange || Position <= history.Of(partition).End,
                "read",
                $"{client.Name} wants {Position} of {partition} and is told that there is no such offset");
            if (data.ErrorCode == ErrorCode.None)
            {
                Take(data.Records.Memory, data.HighWatermark);
            }

            return data.ErrorCode == ErrorCode.None;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Take(ReadOnlyMemory<byte> records, Offset highWatermark)
    {
        var committed = history.Of(partition);
        Rule.Holds(highWatermark <= committed.End, "read", $"{client.Name} is told of high watermark {highWatermark} of {partition}, committed is up to {committed.End}");
        foreach (var batch in RecordBatch.Enumerate(records))
        {
            Rule.Holds(
                batch.Header.BaseOffset <= Position && batch.Header.NextOffset > Position,
                "dense",
                $"{client.Name} wants {Position} of {partition} and gets {batch.Header.BaseOffset}..{batch.Header.LastOffset}");
            Rule.Holds(
                batch.Header.NextOffset <= highWatermark, "read", $"{client.Name} gets {batch.Header.LastOffset} of {partition} with high watermark {highWatermark}");
            committed.Compare(batch.Header, client.Name);
            Position = batch.Header.NextOffset;
        }
    }

    /// <summary>Asks for what comes after a position.</summary>
    public static FetchRequest Request(SimulatedClient client, TopicPartition partition, Offset position, int maxWaitMs) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = 1 << 20,
        SessionEpoch = -1,
        Topics =
        [
            new()
            {
                Topic = partition.Topic,
                TopicId = client.Topic(partition.Topic)!.TopicId,
                Partitions = [new() { Partition = partition.Partition, FetchOffset = position, PartitionMaxBytes = 1 << 20 }],
            },
        ],
    };
}
