using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>
/// Sends marked records to one partition with acks=all. A plain producer sends one batch at a time, and goes on to the next whatever became
/// of it; an idempotent one has up to three on their way, and sends again, in order, what it is not told to be there.
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

        var window = new List<Batch>();
        while (!isOver() || window.Count > 0)
        {
            while (!isOver() && window.Count < (options.IsIdempotent ? client.Random.Next(1, 4) : 1))
            {
                window.Add(new Batch(_next, client.Random.Next(1, 4)));
                _next += window[^1].Count;
            }

            if (await SendAsync(window))
            {
                await client.RestAsync(options.Pause * (client.Random.NextDouble() * 2));
            }
            else
            {
                await client.RefreshAsync(partition.Topic);
                await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(10, 200)));
            }
        }

        IsDone = true;
    }

    private async Task InitializeAsync()
    {
        while (!_id.IsKnown)
        {
            try
            {
                var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 };
                var answer = await client.AskAsync<InitProducerIdResponse>(client.AnyBroker(), request, s_timeout);
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

    /// <returns>Whether all is done with; what is not stays in the window.</returns>
    private async Task<bool> SendAsync(List<Batch> window)
    {
        if (client.LeaderOf(partition) is not { } leader)
        {
            if (!options.IsIdempotent)
            {
                window.Clear();
            }

            return false;
        }

        // All leave before the first answer: their order on the way is the order of these calls.
        window.ForEach(batch => batch.Leaderships ??= history.Of(partition).Leaderships);
        var sent = window.Select((batch, place) => SendAsync(leader, batch, place == 0)).ToArray();
        var done = 0;
        foreach (var outcome in sent)
        {
            done += await outcome ? 1 : 0;
        }

        var all = done == window.Count;
        window.RemoveAll(batch => batch.IsDone || !options.IsIdempotent);
        return all;
    }

    private async Task<bool> SendAsync(PeerAddress leader, Batch batch, bool isFirst)
    {
        try
        {
            var response = await client.AskAsync<ProduceResponse>(leader, Request(batch), s_timeout);
            var answer = response.Responses[0].PartitionResponses[0];
            if (answer.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber || IsForgotten(batch, answer.ErrorCode))
            {
                Confirm(batch, answer.ErrorCode == ErrorCode.None ? answer.BaseOffset : null);
                return batch.IsDone = true;
            }

            // What comes before the first was acknowledged, so the leader must know of it; one that is cut off and deposed need not.
            Rule.Holds(
                client.AddressOf(history.Of(partition).Leader) != leader
                || (answer.ErrorCode is not (ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch)
                    && !(isFirst && answer.ErrorCode == ErrorCode.OutOfOrderSequenceNumber)),
                "idempotence",
                $"{client.Name} sent batch {batch.First} of {partition} in order and was told {answer.ErrorCode}");
            if (!options.IsIdempotent && IsRefusal(answer.ErrorCode))
            {
                batch.ForEach(number, history.Of(partition).Refused);
            }

            client.Process.World.Say($"{client.Name} {partition} {batch.First}: {answer.ErrorCode}");
        }
        catch (IOException e)
        {
            client.Process.World.Say($"{client.Name} {partition} {batch.First}: {e.Message}");
        }

        return false;
    }

    // A snapshot of producers, whose format is Kafka's, holds the last batch of each only: after a restart an earlier one that is in
    // the log is taken for one out of order, and no client could tell. It must be there, though, and a leader that leads on remembers.
    private bool IsForgotten(Batch batch, ErrorCode error) =>
        options.IsIdempotent && error == ErrorCode.OutOfOrderSequenceNumber
        && history.Of(partition).Has(new Mark(number, batch.First)) && history.Of(partition).Leaderships > batch.Leaderships;

    // Errors after which the record is certainly not in the log.
    private static bool IsRefusal(ErrorCode error) =>
        error is ErrorCode.NotEnoughReplicas or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId;

    private void Confirm(Batch batch, Offset? offset)
    {
        var of = history.Of(partition);
        batch.ForEach(number, mark => of.Confirmed(mark, offset + (mark.Number - batch.First)));
        options.Confirmed(partition, offset is { } first ? first + batch.Count - 1 : null);
    }

    private ProduceRequest Request(Batch batch)
    {
        _builder.Clear();
        (_builder.ProducerId, _builder.ProducerEpoch, _builder.BaseSequence) = (_id, _epoch, _id.IsKnown ? (int)batch.First : -1);
        batch.ForEach(number, mark => _builder.Append(client.NowMs, (byte[]?)null, mark.ToBytes()));
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

    private sealed class Batch(long first, int count)
    {
        public long First => first;

        public int Count => count;

        public bool IsDone { get; set; }

        /// <summary>How often somebody had begun to lead when it was first sent.</summary>
        public int? Leaderships { get; set; }

        public void ForEach(int producer, Action<Mark> action)
        {
            for (var i = 0; i < count; i++)
            {
                action(new Mark(producer, first + i));
            }
        }
    }
}

/// <summary>How a producer goes about it.</summary>
/// <param name="IsIdempotent">Whether it has an id, and repeats what it is not sure of.</param>
/// <param name="Pause">How long it rests between two sends, on average.</param>
/// <param name="Confirmed">Told of each acknowledgement: the partition, and the last offset if it is known.</param>
internal sealed record ProducerOptions(bool IsIdempotent, TimeSpan Pause, Action<TopicPartition, Offset?> Confirmed);
