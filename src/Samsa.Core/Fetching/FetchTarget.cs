using Samsa.Model;

namespace Samsa.Core.Fetching;

/// <summary>One partition somebody fetches from, and what the session remembers of it between requests.</summary>
public sealed class FetchTarget(FetchKey key)
{
    /// <summary>Which partition.</summary>
    public FetchKey Key { get; } = key;

    /// <summary>Where to read from.</summary>
    public Offset FetchOffset { get; set; }

    /// <summary>At most so many bytes of this partition; one whole batch goes out even where it is larger (KIP-74).</summary>
    public int MaxBytes { get; set; }

    /// <summary>The epoch the fetcher believes in, or none (KIP-320).</summary>
    public LeaderEpoch CurrentLeaderEpoch { get; set; } = LeaderEpoch.None;

    /// <summary>The epoch of the last record the fetcher has, or none (KIP-595).</summary>
    public LeaderEpoch LastFetchedEpoch { get; set; } = LeaderEpoch.None;

    /// <summary>A follower's own log start offset; -1 from a consumer.</summary>
    public Offset LogStartOffset { get; set; } = Offset.None;

    /// <summary>Whether the fetcher was told another high watermark than this, or none yet.</summary>
    public bool IsNews(Offset highWatermark) => SentHighWatermark != highWatermark;

    /// <summary>Takes over what a newer request says of the same partition.</summary>
    public void Update(FetchTarget newer)
    {
        // Who asks in another epoch has dropped the answers to what it asked before.
        IsToBeRepeated |= newer.CurrentLeaderEpoch != CurrentLeaderEpoch;
        FetchOffset = newer.FetchOffset;
        MaxBytes = newer.MaxBytes;
        CurrentLeaderEpoch = newer.CurrentLeaderEpoch;
        LastFetchedEpoch = newer.LastFetchedEpoch;
        LogStartOffset = newer.LogStartOffset;
    }

    // What the last answer said; -2 is nothing yet, so the first answer always says something.
    internal Offset SentHighWatermark { get; set; } = new(-2);

    internal Offset SentLogStartOffset { get; set; } = new(-2);

    // The fetcher took nothing from the last answer, but the error or what else it said: the next one says all again.
    internal bool IsToBeRepeated { get; set; }
}

/// <summary>Names a partition the way its request does: by topic id from Fetch 13 on (KIP-516), by name before.</summary>
/// <param name="Topic">The name; empty where the id counts.</param>
/// <param name="TopicId">The id; none where the name counts.</param>
/// <param name="Partition">The index.</param>
public readonly record struct FetchKey(string Topic, TopicId TopicId, int Partition);

/// <summary>What is known of a partition when its part of an answer is written.</summary>
/// <param name="Error">Its error, or none.</param>
/// <param name="HighWatermark">Its high watermark.</param>
/// <param name="LogStartOffset">Its log start offset.</param>
/// <param name="HasRecords">Whether records go out.</param>
/// <param name="MustSay">Whether there is something else to say, for example a diverging epoch.</param>
public readonly record struct FetchNews(
    ErrorCode Error, Offset HighWatermark, Offset LogStartOffset, bool HasRecords, bool MustSay);
