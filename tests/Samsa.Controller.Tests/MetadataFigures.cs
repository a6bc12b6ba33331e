using System.Diagnostics;
using System.Globalization;
using Samsa.Controller.Quorum;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Controller.Tests;

/// <summary>What a controller needs for as many partitions as a cluster may have (docs/reliability.md): `./test --faults --figures`.</summary>
public sealed class MetadataFigures(ITestOutputHelper output) : IDisposable
{
    private const int PerTopic = 1_000;
    private readonly MetadataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory(Explicit = true)]
    [InlineData(100_000)]
    public async Task Metadata_of_many_partitions(int partitions)
    {
        var node = new ImageListener();
        await using (var log = LocalMetadataLog.Open(_directory.Options with { MaxBytesBetweenSnapshots = long.MaxValue }, node))
        {
            await log.AppendAsync([.. Enumerable.Range(1, 3).Select(id => ClusterController.RegistrationOf(Broker(id)))], Cancellation);
            var creating = Stopwatch.StartNew();
            for (var i = 0; i < partitions / PerTopic; i++)
            {
                var decision = TopicCreation.Decide(
                    node.Image, [new NewTopic($"topic-{i}", PerTopic, 3, [], new Dictionary<string, string?>())], new TopicCreationRules(1, 3, _ => null, TopicId.Create));
                await log.AppendAsync(decision.Records, Cancellation);
            }

            Tell($"{node.Image.PartitionCount} partitions with three replicas: decided, synced and applied in {creating.Elapsed.TotalSeconds:F1} s");
            var deciding = Stopwatch.StartNew();
            var fenced = Fence(node.Image);
            var decided = deciding.Elapsed;
            await log.AppendAsync(fenced, Cancellation);
            Tell($"a broker that leads a third of them is fenced by {fenced.Count} records in one change: decided in {decided.TotalMilliseconds:F0} ms, synced and applied in {(deciding.Elapsed - decided).TotalMilliseconds:F0} ms");
            Assert.DoesNotContain(node.Image.Topics.Values.SelectMany(t => t.Partitions), p => p.Leader == new BrokerId(1));

            var hashing = Stopwatch.StartNew();
            _ = StateHash.Of(log.EndOffset, node.Snapshot());
            Tell($"their hash, which controllers compare every half minute, takes {hashing.ElapsedMilliseconds} ms");
        }

        var with = BytesInUse();
        node.Forget();
        var bytes = with - BytesInUse();
        Tell($"the image of them takes {bytes / 1e6:F0} MB, {bytes / (double)partitions:F0} bytes each");

        await ReplayAsync("from the log", bytesBetweenSnapshots: long.MaxValue, partitions);
        await ReplayAsync("from the log, and then a snapshot is taken", bytesBetweenSnapshots: 1, partitions);
        await ReplayAsync("from the snapshot", bytesBetweenSnapshots: long.MaxValue, partitions);
        Tell($"the snapshot has {Directory.GetFiles(_directory.LogPath, "*.checkpoint").Max(f => new FileInfo(f).Length) / 1e6:F1} MB");
    }

    [Theory(Explicit = true)]
    [InlineData(100_000)]
    public async Task One_change_of_many_partitions_agreed_on_by_three_controllers(int partitions)
    {
        await using var cluster = new RaftClusterFixture(3);
        await cluster.StartAllAsync();
        var leader = await cluster.LeaderAsync();
        IMetadataRecord[] change =
        [
            .. Enumerable.Range(0, partitions).Select(i => new PartitionChangeRecord { TopicId = new TopicId(Guid.NewGuid()), PartitionId = i, Leader = new BrokerId(2), Isr = [new(2), new(3)] }),
        ];
        var committing = Stopwatch.StartNew();
        await leader.Log.AppendAsync(change, Cancellation);
        Tell($"one change of {partitions} partitions is on a majority of three controllers, and applied, after {committing.ElapsedMilliseconds} ms");
        await cluster.ShouldAgreeAsync();
        Tell($"and on all of them after {committing.ElapsedMilliseconds} ms");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long BytesInUse()
    {
        // What was closed before is gone only after its finalizers have run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task ReplayAsync(string how, long bytesBetweenSnapshots, int partitions)
    {
        var node = new ImageListener();
        var opening = Stopwatch.StartNew();
        await using var log = LocalMetadataLog.Open(_directory.Options with { MaxBytesBetweenSnapshots = bytesBetweenSnapshots }, node);
        var opened = opening.Elapsed;
        Assert.Equal(partitions, node.Image.PartitionCount);
        opening.Restart();
        await log.AppendAsync([new ConfigRecord { ResourceType = 2, ResourceName = "topic-0", Name = "retention.ms", Value = "1" }], Cancellation);
        Tell($"opened {how}: {opened.TotalSeconds:F2} s; the first change after that takes {opening.ElapsedMilliseconds} ms");
    }

    private static BrokerImage Broker(int id) => new(new BrokerId(id), Guid.NewGuid(), id, [new BrokerEndpoint("PLAINTEXT", "127.0.0.1", 9092 + id, 0)], null, Fenced: false);

    /// <summary>What the controller does by itself when the first broker's connection is lost, and the others go on.</summary>
    private static IReadOnlyList<IMetadataRecord> Fence(MetadataImage image)
    {
        var active = new ActiveController(new ControllerRules { ClusterId = "figures", TopicRulesOf = (_, _) => new TopicRules(2, AllowsUncleanElection: false) });
        for (var now = 0L; ; now += 50)
        {
            active.Advance(image, now);
            active.Sessions.Touch(new BrokerId(2), 2, now);
            active.Sessions.Touch(new BrokerId(3), 3, now);
            if (now == 0)
            {
                active.Sessions.Hear(new BrokerId(1), 1, connection: 1, now);
                active.Sessions.Lose(1, now);
            }

            if (active.Act(image, now) is { Response.Value: 1 } decision)
            {
                return decision.Records;
            }
        }
    }

    private void Tell(FormattableString what) => output.WriteLine(what.ToString(CultureInfo.InvariantCulture));

    /// <summary>A node that keeps the image.</summary>
    private sealed class ImageListener : IMetadataListener
    {
        public MetadataImage Image { get; private set; } = MetadataImage.Empty;

        public void Forget() => Image = MetadataImage.Empty;

        public void Load(Offset end, IEnumerable<IMetadataRecord> records) => Apply(MetadataImage.Empty, end - 1, records);

        public void Apply(Offset last, IReadOnlyList<IMetadataRecord> records) => Apply(Image, last, records);

        public IEnumerable<IMetadataRecord> Snapshot() => MetadataSnapshot.Records(Image);

        private void Apply(MetadataImage from, Offset last, IEnumerable<IMetadataRecord> records)
        {
            var builder = new MetadataImageBuilder(from);
            foreach (var record in records)
            {
                builder.Apply(record);
            }

            Image = builder.Build(last);
        }
    }
}
