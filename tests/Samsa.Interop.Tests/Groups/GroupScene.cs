using System.Globalization;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Samsa.Interop.Tests.Clients;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Groups;

/// <summary>A topic under load, a group that reads it, and the ledger of both.</summary>
internal sealed class GroupScene : IAsyncDisposable
{
    public const int SessionTimeoutMs = 3_000;
    private const int RecordsPerSecond = 400;

    private readonly string _bootstrap;
    private readonly int _partitions;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly long[] _ends;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IGroupMember> _members = [];
    private readonly List<string> _failures = [];
    private Task? _producing;
    private int _names;

    private GroupScene(string bootstrap, string topic, int partitions)
    {
        (_bootstrap, Topic, _partitions) = (bootstrap, topic, partitions);
        Group = $"group-of-{topic}";
        Ledger = new GroupLedger(topic, partitions);
        _ends = new long[partitions];
        _producer = KafkaClients.Producer(bootstrap, c =>
            (c.EnableIdempotence, c.LingerMs, c.MessageTimeoutMs, c.ReconnectBackoffMaxMs) = (true, 5, 120_000, 200));
    }

    public string Topic { get; }

    public string Group { get; }

    public GroupLedger Ledger { get; }

    public IReadOnlyList<IGroupMember> Members => _members;

    /// <summary>Creates the topic; records flow once <see cref="StartLoad"/> is called.</summary>
    public static async Task<GroupScene> CreateAsync(string bootstrap, string topic, int partitions)
    {
        await KafkaClients.CreateTopicAsync(bootstrap, topic, partitions);
        return new(bootstrap, topic, partitions);
    }

    /// <summary>A steady flow of records to all partitions in turn, until <see cref="StopLoadAsync"/>.</summary>
    public void StartLoad() => _producing = ProduceAsync();

    /// <summary>Ends the flow and returns where each partition ends.</summary>
    public async Task<long[]> StopLoadAsync()
    {
        await _stopping.CancelAsync();
        await (_producing ?? Task.CompletedTask);
        Assert.Equal(0, _producer.Flush(TimeSpan.FromSeconds(60)));
        Assert.Empty(_failures);
        return [.. _ends];
    }

    /// <summary>Sends that many records at once and waits until they are there.</summary>
    public long[] Send(int records)
    {
        int[] order = [.. Enumerable.Range(0, records).Select(i => i % _partitions)];
        _producer.SendAll(Topic, [.. order.Select((_, i) => new Message<byte[]?, byte[]?> { Value = BitConverter.GetBytes(i) })], i => order[i]);
        foreach (int partition in order)
        {
            _ends[partition]++;
        }

        return [.. _ends];
    }

    public IGroupMember Add(MemberKind kind)
    {
        string name = $"{kind}-{(++_names).ToString(CultureInfo.InvariantCulture)}";
        Ledger.Note($"{name} starts");
        IGroupMember member = kind switch
        {
            MemberKind.KafkaPythonRange => InProcess(ClientKind.KafkaPython, "range"),
            MemberKind.KafkaPythonSticky => InProcess(ClientKind.KafkaPython, "sticky"),
            MemberKind.ConfluentPythonRange => InProcess(ClientKind.ConfluentPython, "range"),
            MemberKind.ConfluentPythonCooperative => InProcess(ClientKind.ConfluentPython, "cooperative-sticky"),
            MemberKind.KafkaJs => InProcess(ClientKind.KafkaJs, "roundrobin"),
            _ => new LibrdkafkaMember(name, Ledger, LibrdkafkaMember.Config(kind, _bootstrap, Group), Topic),
        };
        return Adopt(member);

        ProcessMember InProcess(ClientKind client, string assignor) => new(client, name, _bootstrap, Group, Ledger, new JsonObject
        {
            ["topics"] = new JsonArray(Topic),
            ["assignor"] = assignor,
            ["session"] = SessionTimeoutMs,
        });
    }

    /// <summary>A member made elsewhere; it ends with the scene.</summary>
    public IGroupMember Adopt(IGroupMember member)
    {
        _members.Add(member);
        return member;
    }

    public async Task<IGroupMember[]> AddAsync(MemberKind kind, int count)
    {
        IGroupMember[] added = [.. Enumerable.Range(0, count).Select(_ => Add(kind))];
        await Task.WhenAll(added.Select(m => m.JoinedAsync()));
        return added;
    }

    /// <summary>It commits, leaves and ends.</summary>
    public Task LeaveAsync(IGroupMember member)
    {
        _members.Remove(member);
        return member.StopAsync();
    }

    /// <summary>It ends without a word.</summary>
    public async Task CrashAsync(IGroupMember member)
    {
        _members.Remove(member);
        await member.DisposeAsync();
    }

    /// <summary>What the broker holds as committed, for each partition; -1 for none.</summary>
    public async Task<long[]> CommittedAsync()
    {
        using IAdminClient admin = KafkaClients.Admin(_bootstrap);
        var asked = Enumerable.Range(0, _partitions).Select(p => new TopicPartition(Topic, p)).ToList();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        DateTime until = DateTime.UtcNow + KafkaClients.Deadline;
        while (true)
        {
            try
            {
                return await CommittedAsync(admin, asked);
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.GroupLoadInProgress && DateTime.UtcNow < until)
            {
                // This call of librdkafka, unlike a consumer, does not wait for a coordinator that has just been started.
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private async Task<long[]> CommittedAsync(IAdminClient admin, List<TopicPartition> asked)
    {
        var answer = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(Group, asked)], new() { RequestTimeout = KafkaClients.Deadline });
        return [.. answer.Single().Partitions.OrderBy(p => p.Partition.Value).Select(p => p.Offset == Offset.Unset ? -1 : p.Offset.Value)];
    }

    /// <summary>Waits until the group is stable with that many members, who share all partitions out between them.</summary>
    public async Task<ConsumerGroupDescription> SettledAsync(int members)
    {
        using IAdminClient admin = KafkaClients.Admin(_bootstrap);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        DateTime until = DateTime.UtcNow + KafkaClients.Deadline;
        ConsumerGroupDescription? last = null;
        while (DateTime.UtcNow < until && await timer.WaitForNextTickAsync())
        {
            try
            {
                last = (await admin.DescribeConsumerGroupsAsync([Group])).ConsumerGroupDescriptions.Single();
            }
            catch (KafkaException)
            {
                // The coordinator may be away for a moment.
                continue;
            }

            int[] assigned = [.. last.Members.SelectMany(m => m.Assignment.TopicPartitions).Where(p => p.Topic == Topic).Select(p => p.Partition.Value).Order()];
            if (last.State == ConsumerGroupState.Stable && last.Members.Count == members && assigned.SequenceEqual(Enumerable.Range(0, _partitions)))
            {
                return last;
            }
        }

        Assert.Fail($"the group is {last?.State} with {last?.Members.Count} members, not Stable with {members} and all partitions\n{Ledger.History()}");
        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await (_producing ?? Task.CompletedTask);
        }

        foreach (IGroupMember member in _members)
        {
            await member.DisposeAsync();
        }

        _producer.Dispose();
        _stopping.Dispose();
    }

    private async Task ProduceAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            for (int turn = 0; await timer.WaitForNextTickAsync(_stopping.Token);)
            {
                for (int i = 0; i < RecordsPerSecond / 20; i++, turn++)
                {
                    int partition = turn % _partitions;
                    var message = new Message<byte[]?, byte[]?> { Value = BitConverter.GetBytes(_ends[partition]++) };
                    _producer.Produce(new TopicPartition(Topic, partition), message, report =>
                    {
                        if (report.Error.IsError)
                        {
                            lock (_failures)
                            {
                                _failures.Add($"{report.Partition}: {report.Error}");
                            }
                        }
                    });
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
