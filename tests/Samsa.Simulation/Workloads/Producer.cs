using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>
/// Sends marked records to one partition with acks=all, one batch at a time. A plain producer goes on to the next batch whatever became
/// of one; an idempotent one sends the same again until it is told that it is there.
/// </summary>
internal sealed class Producer(SimulatedClient client, int number, TopicPartition partition, History history, ProducerOptions options)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(4);
    private readonly RecordBatchBuilder _builder = new();
    private ProducerId _id = ProducerId.None;
    private short _epoch = -1;
    private long _next;

    /// <summary>Whether it has nothing under way and sends no more.</summary>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{client.Name} of {partition} {(IsDone ? "is done" : $"is at {_next}")}";

    /// <summary>Sends until told to stop.</summary>
    public async Task RunAsync(Func<bool> isOver)
    {
        if (options.IsIdempotent)
        {
            history.Of(partition).IsOrderly(number);
            await InitializeAsync();
        }

        while (!isOver())
        {
            var count = client.Random.Next(1, 4);
            if (options.IsIdempotent)
            {
                while (!await SendAsync(count, mayRepeat: true))
                {
                    await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(10, 200)));
                }
            }
            else if (!await SendAsync(count, mayRepeat: false))
            {
                await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(10, 200)));
            }

            _next += count;
            await client.RestAsync(options.Pause * (client.Random.NextDouble() * 2));
        }

        IsDone = true;
    }

    private async Task InitializeAsync()
    {
        while (!_id.IsKnown)
        {
            try
            {
                var answer = await client.AskAsync<InitProducerIdResponse>(client.AnyBroker(), new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, s_timeout);
                if (answer.ErrorCode == ErrorCode.None)
                {
                    (_id, _epoch) = (answer.ProducerId, answer.ProducerEpoch);
                }
            }
            catch (IOException)
            {
                // Asked again, maybe another broker.
            }

            await client.RestAsync(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <returns>Whether this batch is done with.</returns>
    private async Task<bool> SendAsync(int count, bool mayRepeat)
    {
        if (client.LeaderOf(partition) is not { } leader)
        {
            await client.RefreshAsync(partition.Topic);
            return false;
        }

        try
        {
            var response = await client.AskAsync<ProduceResponse>(leader, Request(count), s_timeout);
            var answer = response.Responses[0].PartitionResponses[0];
            if (answer.ErrorCode == ErrorCode.None)
            {
                Confirm(count, answer.BaseOffset);
                return true;
            }

            if (mayRepeat && answer.ErrorCode == ErrorCode.DuplicateSequenceNumber)
            {
                Confirm(count, null);
                return true;
            }

            Rule.Holds(
                answer.ErrorCode is not (ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch),
                "idempotence",
                $"{client.Name} sent batch {_next} of {partition} in order and was told {answer.ErrorCode}");
            if (!mayRepeat && IsRefusal(answer.ErrorCode))
            {
                ForEach(count, history.Of(partition).Refused);
            }

            client.Process.World.Say($"{client.Name} {partition} {_next}: {answer.ErrorCode}");
        }
        catch (IOException e)
        {
            client.Process.World.Say($"{client.Name} {partition} {_next}: {e.Message}");
        }

        await client.RefreshAsync(partition.Topic);
        return false;
    }

    // Errors after which the record is certainly not in the log.
    private static bool IsRefusal(ErrorCode error) =>
        error is ErrorCode.NotLeaderOrFollower or ErrorCode.NotEnoughReplicas or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId;

    private void Confirm(int count, Offset? offset)
    {
        var of = history.Of(partition);
        for (var i = 0; i < count; i++)
        {
            of.Confirmed(new Mark(number, _next + i), offset + i);
        }

        options.Confirmed(partition, offset is { } first ? first + count - 1 : null);
    }

    private void ForEach(int count, Action<Mark> action)
    {
        for (var i = 0; i < count; i++)
        {
            action(new Mark(number, _next + i));
        }
    }

    private ProduceRequest Request(int count)
    {
        _builder.Clear();
        (_builder.ProducerId, _builder.ProducerEpoch, _builder.BaseSequence) = (_id, _epoch, _id.IsKnown ? (int)_next : -1);
        ForEach(count, mark => _builder.Append(client.NowMs, (byte[]?)null, mark.ToBytes()));
        return new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = (int)s_timeout.TotalMilliseconds,
            TopicData =
            [
                new()
                {
                    Name = partition.Topic,
                    TopicId = client.Topic(partition.Topic)!.TopicId,
                    PartitionData = [new() { Index = partition.Partition, Records = new RecordsPayload(_builder.Build().ToArray()) }],
                },
            ],
        };
    }
}

/// <summary>How a producer goes about it.</summary>
/// <param name="IsIdempotent">Whether it has an id, and repeats what it is not sure of.</param>
/// <param name="Pause">How long it rests between two batches, on average.</param>
/// <param name="Confirmed">Told of each acknowledgement: the partition, and the last offset if it is known.</param>
internal sealed record ProducerOptions(bool IsIdempotent, TimeSpan Pause, Action<TopicPartition, Offset?> Confirmed);
