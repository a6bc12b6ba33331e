using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Tests.Apis;

/// <summary>A broker in this process, without sockets and with its metadata in memory. Requests and answers go through the wire format.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private static readonly ConnectionInfo Connection = new(1, "PLAINTEXT", new IPEndPoint(IPAddress.Loopback, 40_000), new IPEndPoint(IPAddress.Loopback, 9092));

    private readonly string[] _settings;
    private readonly TimeProvider _time;
    private readonly MemoryMetadataLog _log = new();
    private readonly LogLevels? _levels;
    private string? _second;
    private BrokerMetrics _metrics = null!;
    private LogDirectories _directories = null!;
    private LogStore _store = null!;
    private ClusterNode _cluster = null!;
    private BrokerNode _node = null!;

    private TestBroker(string directory, TimeProvider time, LogLevels? levels, string[] settings)
    {
        DataDirectory = directory;
        _time = time;
        _levels = levels;
        _settings = settings;
    }

    /// <summary>Where its data is.</summary>
    public string DataDirectory { get; }

    /// <summary>What it serves.</summary>
    public ApiTable Apis => _node.Apis;

    /// <summary>What it serves on a controller's listener.</summary>
    public ApiTable ControllerApis => _cluster.Apis;

    /// <summary>Its logs.</summary>
    public LogStore Store => _store;

    /// <summary>The settings in force.</summary>
    public CurrentConfig Config { get; private set; } = null!;

    public MetadataImage Image => _log.State.Image;

    public static Task<TestBroker> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, null, settings);

    public static async Task<TestBroker> StartAsync(TimeProvider time, LogLevels? levels, params string[] settings)
    {
        var broker = new TestBroker(Directory.CreateTempSubdirectory("samsa-test-").FullName, time, levels, settings);
        await broker.LaunchAsync();
        return broker;
    }

    /// <summary>A broker with a second data directory.</summary>
    public static async Task<TestBroker> StartWithAsync(string second)
    {
        var broker = new TestBroker(Directory.CreateTempSubdirectory("samsa-test-").FullName, TimeProvider.System, null, []) { _second = second };
        await broker.LaunchAsync();
        return broker;
    }

    /// <summary>Has a request served, in the newest version where none is said.</summary>
    public async Task<TResponse> CallAsync<TResponse>(IRequest request, short version = -1, string clientId = "test")
        where TResponse : class, IResponse
    {
        var api = Apis.Find((short)request.ApiKey) ?? throw new InvalidOperationException($"{request.ApiKey} is not served");
        version = version < 0 ? api.MaxVersion : version;
        var received = api.Info.NewRequest();
        Copy(request, received, version);
        var answer = await api.HandleAsync(received, new RequestContext(Connection, version, clientId), TestContext.Current.CancellationToken);
        var response = (TResponse)api.Info.NewResponse();
        Copy(answer ?? throw new InvalidOperationException("no answer"), response, version);
        return response;
    }

    /// <summary>Makes a topic.</summary>
    public async Task CreateTopicAsync(string name, int partitions = 1, params (string Name, string Value)[] configs)
    {
        var request = new CreateTopicsRequest
        {
            Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = Array.ConvertAll(configs, c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value }) }],
        };
        Assert.Equal(ErrorCode.None, (await CallAsync<CreateTopicsResponse>(request)).Topics[0].ErrorCode);
    }

    /// <summary>Appends records, one batch each.</summary>
    public async Task ProduceAsync(string topic, int partition, params string[] values)
    {
        foreach (var value in values)
        {
            using var batch = new RecordBatchBuilder();
            batch.Append(_time.GetUtcNow().ToUnixTimeMilliseconds(), null, System.Text.Encoding.UTF8.GetBytes(value));
            var request = new ProduceRequest
            {
                Acks = 1,
                TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = new RecordsPayload(batch.Build().ToArray()) }] }],
            };
            Assert.Equal(ErrorCode.None, (await CallAsync<ProduceResponse>(request, 12)).Responses[0].PartitionResponses[0].ErrorCode);
        }
    }

    public PartitionLog LogOf(string topic, int partition = 0)
    {
        Assert.True(_store.TryGet(new TopicPartition(topic, partition), out var log));
        return log;
    }

    /// <summary>Ends as a killed process does, without anything written on the way, and starts again.</summary>
    public async Task CrashAsync()
    {
        var copy = Directory.CreateTempSubdirectory("samsa-crash-").FullName;
        CopyDirectory(DataDirectory, copy);
        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
        Directory.Move(copy, DataDirectory);
        await LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task LaunchAsync()
    {
        var config = BrokerConfig.Load(new BrokerConfigSources { Data = _second is null ? DataDirectory : $"{DataDirectory},{_second}", Set = _settings });
        Config = new CurrentConfig(config, _log.State);
        _levels?.Follow(Config);
        _metrics = new BrokerMetrics(new BrokerReadings());
        _directories = LogDirectories.Claim(PhysicalFileSystem.Instance, config.LogDirs, config.NodeId, clusterId: null);
        _store = await LogStore.OpenAsync(
            new LogStoreOptions
            {
                Directories = _directories, ConfigFor = Config.LogConfigOf, TimeProvider = _time,
                CordonedDirectories = () => Config.Broker.Get(LogConfigs.CordonedLogDirs),
            },
            progress: null,
            TestContext.Current.CancellationToken);
        _cluster = new ClusterNode(new ClusterNodeOptions
        {
            Config = Config, Metadata = _log.State, MetadataLog = _log, MetadataReader = _log, ClusterId = _directories.ClusterId, Metrics = _metrics, Time = _time,
            Loggers = NullLoggerFactory.Instance,
            LogLevels = _levels,
        });
        _node = new BrokerNode(new BrokerNodeOptions { Node = _cluster, Store = _store, Endpoints = [new BrokerEndpoint("PLAINTEXT", "localhost", 9092, 0)] });
        await _node.RegisterAsync(TestContext.Current.CancellationToken);
    }

    private async Task StopAsync()
    {
        _node.StopWaiting();
        _node.Dispose();
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
        _directories.Dispose();
        _metrics.Dispose();
    }

    private static void Copy(IMessage from, IMessage to, short version)
    {
        var bytes = new byte[from.ComputeSize(version)];
        var writer = new ProtocolWriter(bytes);
        from.Write(ref writer, version);
        Assert.Equal(bytes.Length, writer.Written);
        var reader = new ProtocolReader(bytes);
        to.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
    }

    private static void CopyDirectory(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != ".lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
