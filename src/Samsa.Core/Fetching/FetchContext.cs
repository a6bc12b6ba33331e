using Samsa.Model;

namespace Samsa.Core.Fetching;

/// <summary>One fetch request from its beginning to its answer.</summary>
public sealed class FetchContext
{
    internal FetchContext(ErrorCode error, FetchSession? session, bool isIncremental, bool wantsSession)
    {
        Error = error;
        Session = session;
        IsIncremental = isIncremental;
        WantsSession = wantsSession;
    }

    /// <summary>Why the request as a whole fails, or none.</summary>
    public ErrorCode Error { get; }

    /// <summary>Whether only news goes into the answer.</summary>
    public bool IsIncremental { get; }

    /// <summary>The partitions to read, in the order to serve them.</summary>
    public IReadOnlyCollection<FetchTarget> Targets => Session?.Targets ?? [];

    internal FetchSession? Session { get; }

    internal bool WantsSession { get; }

    /// <summary>Decides whether a partition goes into the answer, without remembering it.</summary>
    public bool HasNews(FetchTarget target, in FetchNews news) =>
        !IsIncremental
        || news.HasRecords
        || news.MustSay
        || news.Error != ErrorCode.None
        || target.IsToBeRepeated
        || news.HighWatermark != target.SentHighWatermark
        || news.LogStartOffset != target.SentLogStartOffset;

    /// <summary>Remembers what the answer says of a partition that goes into it.</summary>
    public void Said(FetchTarget target, in FetchNews news)
    {
        target.IsToBeRepeated = news.MustSay || news.Error != ErrorCode.None;
        target.SentHighWatermark = news.HighWatermark;
        target.SentLogStartOffset = news.LogStartOffset;
        if (news.HasRecords)
        {
            Session?.ServedLast(target);
        }
    }
}
