using Samsa.Broker.Metadata;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Tests.Metadata;

public sealed class MetadataStateTests
{
    private static readonly TopicId A = TopicId.Create();
    private static readonly TopicId B = TopicId.Create();

    [Fact]
    public async Task Waiting_ends_with_the_first_image_that_is_as_wished()
    {
        var state = new MetadataState();
        var waiting = state.WaitUntilAsync(image => image.Topics.ContainsKey("b"), TestContext.Current.CancellationToken).AsTask();
        state.Apply(new Offset(0), [new TopicRecord { Name = "a", TopicId = A }]);
        Assert.False(waiting.IsCompleted);
        state.Apply(new Offset(1), [new TopicRecord { Name = "b", TopicId = B }]);
        state.Apply(new Offset(2), [new RemoveTopicRecord { TopicId = B }]);
        Assert.Equal(new Offset(1), (await waiting.WaitAsync(TimeSpan.FromSeconds(20))).AppliedOffset);
        Assert.Equal(state.Image, await state.WaitUntilAsync(_ => true, TestContext.Current.CancellationToken));
        using var cancelled = new CancellationTokenSource();
        var never = state.WaitUntilAsync(_ => false, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void An_observer_is_told_of_a_snapshot_as_of_changes()
    {
        var state = new MetadataState();
        state.Apply(new Offset(3), [Topic("a", A), .. Partitions(A, 2), Topic("b", B), .. Partitions(B, 1)]);
        IReadOnlyList<IMetadataRecord> told = [];
        MetadataImage? begun = null;
        state.Observe(image => begun = image, (_, records) => told = records);
        Assert.Equal(state.Image, begun);
        state.Load(
            new Offset(100),
            [
                new RegisterBrokerRecord { BrokerId = new BrokerId(1), BrokerEpoch = 50 },
                Topic("a", A),
                .. Partitions(A, 3),
                new PartitionChangeRecord { TopicId = A, PartitionId = 1, Leader = new BrokerId(2) },
                new ConfigRecord { ResourceType = 2, ResourceName = "a", Name = "retention.ms", Value = "1" },
            ]);
        Assert.Equal(new Offset(99), state.Image.AppliedOffset);
        Assert.Equal(
            ["RemoveTopicRecord", "RegisterBrokerRecord", "PartitionChangeRecord", "PartitionRecord", "ConfigRecord"],
            told.Select(r => r.GetType().Name));
        Assert.Equal(1, told.OfType<PartitionChangeRecord>().Single().PartitionId);
        Assert.Equal(2, told.OfType<PartitionRecord>().Single().PartitionId);
        Assert.Empty(MetadataDelta.Between(state.Image, state.Image));
    }

    private static TopicRecord Topic(string name, TopicId id) => new() { Name = name, TopicId = id };

    private static IEnumerable<IMetadataRecord> Partitions(TopicId id, int count) => Enumerable.Range(0, count).Select(p => new PartitionRecord
    {
        TopicId = id, PartitionId = p, Replicas = [new BrokerId(1), new BrokerId(2)], Isr = [new BrokerId(1)], Leader = new BrokerId(1),
    });
}
