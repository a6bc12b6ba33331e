using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Tests.Metadata;

/// <summary>A cluster without a process: applies decisions to its image at once.</summary>
internal sealed class Cluster
{
    private long _nextId = 1;

    public Cluster(params int[] brokers)
    {
        foreach (var id in brokers)
        {
            Add(Broker(id));
        }
    }

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    public List<IMetadataRecord> Log { get; } = [];

    public static BrokerImage Broker(int id, string? rack = null, bool fenced = false) =>
        new(new BrokerId(id), Guid.Empty, 0, [new BrokerEndpoint("PLAINTEXT", "127.0.0.1", 9092 + id, 0)], rack, fenced);

    public void Add(BrokerImage broker) =>
        Commit(new Transition<int, IMetadataRecord>(0, [ClusterController.RegistrationOf(broker with { Epoch = Log.Count })]));

    public TopicCreationRules DefaultRules => new(
        1, 1, configs => configs.ContainsKey("bad") ? "Unknown topic config name: bad" : null, () => new TopicId(new Guid(0, 0, 0, BitConverter.GetBytes(_nextId++))));

    public NewTopicResult[] Create(params NewTopic[] topics) => Commit(TopicCreation.Decide(Image, topics, DefaultRules));

    public NewTopicResult Create(string name, int partitions = -1, short factor = -1) =>
        Create(Topic(name, partitions, factor))[0];

    public static NewTopic Topic(string name, int partitions = -1, short factor = -1, params (string Key, string? Value)[] configs) =>
        new(name, partitions, factor, [], configs.ToDictionary(c => c.Key, c => c.Value));

    public T Commit<T>(Transition<T, IMetadataRecord> decision)
    {
        var builder = new MetadataImageBuilder(Image);
        foreach (var record in decision.Records)
        {
            Log.Add(record);
            builder.Apply(record);
        }

        Image = builder.Build(new Offset(Log.Count - 1));
        return decision.Response;
    }
}
