using System.Text.Json;
using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

/// <summary>A shard with a clock of its own, that keeps what it appended and what it answered.</summary>
internal sealed class GroupHarness
{
    private readonly List<GroupRecord> _log = [];
    private readonly FakeTopics _topics = new();
    private readonly SeededIds _ids = new();
    private long _ticket;

    public GroupHarness(GroupSettings? settings = null)
    {
        Settings = settings ?? new GroupSettings { InitialRebalanceDelayMs = 0 };
        Shard = New();
    }

    public GroupSettings Settings { get; set; }

    public GroupShard Shard { get; private set; }

    public long NowMs { get; private set; } = 1_000_000;

    public Dictionary<long, IResponse> Answers { get; } = [];

    public FakeTopics Topics => _topics;

    /// <summary>Sends a request; its answer, if it comes, is in <see cref="Answers"/> under the ticket returned.</summary>
    public long Send(IRequest request, short version, string clientId = "c")
    {
        var ticket = ++_ticket;
        Take(Shard.Handle(request, new GroupRequest(ticket, version, clientId, "/127.0.0.1", NowMs)));
        return ticket;
    }

    public T Call<T>(IRequest request, short version)
        where T : class, IResponse => Assert.IsType<T>(Answers.GetValueOrDefault(Send(request, version)));

    public T Answer<T>(long ticket)
        where T : class, IResponse => Assert.IsType<T>(Answers.GetValueOrDefault(ticket));

    /// <summary>Lets time pass, ticking whenever the shard wants it.</summary>
    public void Advance(long ms)
    {
        var end = NowMs + ms;
        for (var steps = 0; Shard.NextDeadlineMs <= end; steps++)
        {
            Assert.True(steps < 10_000, "the shard does not come to rest");
            NowMs = Math.Max(NowMs, Shard.NextDeadlineMs);
            Take(Shard.Tick(NowMs));
        }

        NowMs = end;
    }

    /// <summary>Loses everything that is not in the log.</summary>
    public void Crash()
    {
        Shard = New();
        foreach (var record in _log)
        {
            Shard.Replay(record.Key, record.Value);
        }

        Shard.Loaded(NowMs);
    }

    /// <summary>Of each key in the first part of the log only the newest record is left, as after a round of the cleaner.</summary>
    public void Compact(int records)
    {
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(records, _log.Count); i++)
        {
            newest[KeyOf(i)] = i;
        }

        for (var i = Math.Min(records, _log.Count) - 1; i >= 0; i--)
        {
            if (newest[KeyOf(i)] != i)
            {
                _log.RemoveAt(i);
            }
        }

        string KeyOf(int i) => _log[i].Key.GetType().Name + JsonSerializer.Serialize<object>(_log[i].Key);
    }

    /// <summary>Creates a topic, or gives one more partitions.</summary>
    public void SetTopic(string name, int partitions)
    {
        _topics.Version++;
        _topics.Topics[name] = (_topics.Topics.TryGetValue(name, out var topic) ? topic.Id : TopicId.Create(), partitions);
    }

    public void DeleteTopic(string name)
    {
        _topics.Version++;
        _ = _topics.Topics.Remove(name);
        Take(Shard.OnTopicsDeleted([name]));
    }

    private GroupShard New() => new(() => Settings, _topics, _ids);

    private void Take(GroupEffects effects)
    {
        _log.AddRange(effects.Records);
        foreach (var reply in effects.Replies)
        {
            Answers.Add(reply.Ticket, reply.Response);
        }
    }

    internal sealed class FakeTopics : IGroupTopics
    {
        public Dictionary<string, (TopicId Id, int Partitions)> Topics { get; } = new(StringComparer.Ordinal)
        {
            ["t"] = (TopicId.Create(), 4), ["u"] = (TopicId.Create(), 2),
        };

        public long Version { get; set; } = 1;

        public IEnumerable<string> Names => Topics.Keys;

        public bool TryGet(string name, out TopicId id, out int partitions)
        {
            var found = Topics.TryGetValue(name, out var topic);
            (id, partitions) = topic;
            return found;
        }

        public string? NameOf(TopicId id) => Topics.FirstOrDefault(t => t.Value.Id == id).Key;
    }

    private sealed class SeededIds : IGroupIds
    {
        private int _next;

        public Guid NewId() => new(++_next, 0, 0, new byte[8]);
    }
}
