using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

/// <summary>One replica: its log, and its role as far as it has heard.</summary>
internal sealed class ModelReplica(BrokerId id, Dictionary<long, (int Epoch, int Value)> committed)
{
    private ModelLog? _whole;
    private int _epoch = -1;

    public BrokerId Id => id;

    public ModelLog Log { get; private set; } = new();

    public long HighWatermark { get; set; }

    public long BrokerEpoch { get; set; } = 100 + id.Value - 1;

    public bool IsDown { get; set; }

    /// <summary>How many Fetches it sent.</summary>
    public int Fetches { get; set; }

    /// <summary>The latest of them that a leader has served.</summary>
    public int Served { get; set; }

    public ModelLeader? Leader { get; private set; }

    public FollowerReplica? Follower { get; private set; }

    public void Follow(PartitionImage image, Func<BrokerId, long, bool> mayBeInSync, LeaderSettings settings, long nowMs)
    {
        Leader?.MayBeInSync = mayBeInSync;
        if (image.LeaderEpoch.Value == _epoch)
        {
            Leader?.Commit(this, Leader.State.OnImage(image));
            return;
        }

        _epoch = image.LeaderEpoch.Value;
        (Leader, Follower) = (null, null);
        if (image.Leader != id)
        {
            Follower = new FollowerReplica(image.Leader, image.LeaderEpoch);
            Log.TruncateTo(FollowerReplica.Begin(State).Value);
            return;
        }

        foreach (var (offset, record) in committed)
        {
            Assert.True(offset < Log.End, $"{id} leads in epoch {_epoch} without offset {offset}, which is committed");
            Assert.True(offset < Log.Start || Log[offset] == record, $"{id} leads in epoch {_epoch} with another record at offset {offset}");
        }

        Log.Assign(_epoch);
        Leader = new ModelLeader { MayBeInSync = mayBeInSync };
        Leader.Begin(this, image, settings, committed, nowMs);
    }

    public void Take(FollowerReplica role, LeaderAnswer answer, (long From, LeaderEpoch LastEpoch) asked, (int Epoch, int Value)[] records)
    {
        if (Follower != role || IsDown)
        {
            return;
        }

        var step = role.OnAnswer(answer, (new Offset(asked.From), asked.LastEpoch), State, Log.EndOffsetFor);
        switch (step.Action)
        {
            case FollowerAction.TruncateTo:
                Assert.True(step.To.Value < Log.End, "a cut that cuts nothing is repeated for ever");
                Log.TruncateTo(step.To.Value);
                HighWatermark = Math.Min(HighWatermark, Log.End);
                break;
            case FollowerAction.StartAt:
                Log.StartAt(step.To.Value);
                HighWatermark = step.To.Value;
                break;
            case FollowerAction.Append:
                Array.ForEach(records, Log.Append);
                HighWatermark = Math.Max(HighWatermark, Math.Min(answer.HighWatermark.Value, Log.End));
                Trim(answer.LogStartOffset.Value);
                break;
        }
    }

    public void Trim(long start)
    {
        if (Math.Min(start, HighWatermark) is var to && to > Log.Start)
        {
            Log.AdvanceStart(to);
        }
    }

    public void Crash(int losesTail, int checkpointAge)
    {
        (IsDown, Leader, Follower, _epoch) = (true, null, null, -1);
        _whole = Log.Copy();
        Log.TruncateTo(Math.Max(Log.Start, Log.End - losesTail));
        HighWatermark = Math.Min(Math.Max(Log.Start, HighWatermark - checkpointAge), Log.End);
    }

    public void RestoreTail() => Log = _whole ?? Log;

    private FollowerLog State => new(new Offset(Log.Start), new Offset(Log.End), new Offset(HighWatermark), Log.LastEpoch);
}

/// <summary>A replica that leads.</summary>
internal sealed class ModelLeader
{
    private Dictionary<long, (int Epoch, int Value)> _committed = [];

    public Func<BrokerId, long, bool> MayBeInSync { get; set; } = (_, _) => true;

    public LeaderReplica State { get; private set; } = null!;

    public void Begin(ModelReplica replica, PartitionImage image, LeaderSettings settings, Dictionary<long, (int Epoch, int Value)> committed, long nowMs)
    {
        _committed = committed;
        State = new LeaderReplica(
            replica.Id, image, settings, new Offset(replica.Log.End), new Offset(replica.HighWatermark), (b, e) => MayBeInSync(b, e), nowMs);
    }

    public (LeaderAnswer Answer, (int Epoch, int Value)[] Records) Serve(
        ModelReplica replica, BrokerId follower, long from, long start, LeaderEpoch lastEpoch, long brokerEpoch, long nowMs, out InSyncProposal? proposal)
    {
        proposal = null;
        var log = replica.Log;
        var none = (LeaderEpoch.None, Offset.None);
        if (lastEpoch.IsKnown)
        {
            var (epoch, end) = log.EndOffsetFor(lastEpoch);
            if (epoch.IsKnown && (epoch < lastEpoch || end.Value < from))
            {
                return (Answer(ErrorCode.None, replica, (epoch, end)), []);
            }
        }

        if (from < log.Start || from > log.End)
        {
            return (Answer(ErrorCode.OffsetOutOfRange, replica, none), []);
        }

        var records = log.Read(from, 3);
        var news = State.OnFetch(follower, new FollowerFetch(new Offset(from), new Offset(start), brokerEpoch), nowMs);
        Commit(replica, news.HighWatermarkMoved);
        proposal = news.Proposal;
        return (Answer(ErrorCode.None, replica, none), records);
    }

    /// <summary>Whether nothing is left in the log by which it could tell a history that ends with that epoch from its own.</summary>
    public bool CannotTell(ModelReplica replica, LeaderEpoch lastEpoch) =>
        lastEpoch.IsKnown && replica.Log.EndOffsetFor(lastEpoch) is var (epoch, end) && (!epoch.IsKnown || end.Value <= replica.Log.Start);

    public void Commit(ModelReplica replica, bool moved)
    {
        var to = State.HighWatermark.Value;
        Assert.Equal(to > replica.HighWatermark, moved);
        for (var offset = replica.HighWatermark; offset < to; offset++)
        {
            Assert.True(_committed.TryAdd(offset, replica.Log[offset]) || _committed[offset] == replica.Log[offset], $"offset {offset} is committed twice");
        }

        replica.HighWatermark = Math.Max(replica.HighWatermark, to);
    }

    public void OnTrim(ModelReplica replica, int by) => replica.Trim(replica.Log.Start + (by % 4));

    private static LeaderAnswer Answer(ErrorCode error, ModelReplica replica, (LeaderEpoch Epoch, Offset EndOffset) diverging) =>
        new(error, new Offset(replica.HighWatermark), new Offset(replica.Log.Start), diverging);
}
