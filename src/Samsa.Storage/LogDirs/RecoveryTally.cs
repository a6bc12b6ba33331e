using System.Collections.Concurrent;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Counts what the threads that open logs do, and reports it, at most ten times a second.</summary>
internal sealed class RecoveryTally(IProgress<RecoveryProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(100);

    private readonly long _started = time.GetTimestamp();
    private readonly ConcurrentDictionary<TopicPartition, string> _offline = new();
    private long _reported = time.GetTimestamp();
    private long _bytesScanned;
    private long _bytesTruncated;
    private int _segmentsScanned;
    private int _done;
    private long? _brokerEpoch;

    /// <summary>Partitions found.</summary>
    public int Total { get; set; }

    /// <summary>Whether a directory lacked the marker of a clean shutdown though it held logs.</summary>
    public bool IsUnclean { get; set; }

    /// <summary>A directory's marker of a clean shutdown named that epoch of the broker; -1 where there was none. All have to say the same.</summary>
    public void SawMarker(long brokerEpoch) =>
        _brokerEpoch = _brokerEpoch is null || _brokerEpoch == brokerEpoch ? brokerEpoch : CleanShutdownMarker.NoBrokerEpoch;

    /// <summary>A log scanned that many bytes more.</summary>
    public void Scanned(long bytes)
    {
        Interlocked.Add(ref _bytesScanned, bytes);
        Report();
    }

    /// <summary>A log scanned a segment.</summary>
    public void SegmentScanned() => Interlocked.Increment(ref _segmentsScanned);

    /// <summary>A log cut bytes off its end.</summary>
    public void Truncated(long bytes) => Interlocked.Add(ref _bytesTruncated, bytes);

    /// <summary>A log is open.</summary>
    public void Opened()
    {
        Interlocked.Increment(ref _done);
        Report();
    }

    /// <summary>A log could not be opened.</summary>
    public void Offline(TopicPartition partition, string reason)
    {
        _offline[partition] = reason;
        Opened();
    }

    /// <summary>Reports the end and sums up.</summary>
    public RecoverySummary Finish(IEnumerable<LogDirectory> directories)
    {
        progress?.Report(new RecoveryProgress(_done, Total, _bytesScanned));
        return new RecoverySummary
        {
            IsClean = !IsUnclean,
            Partitions = _done - _offline.Count,
            SegmentsScanned = _segmentsScanned,
            BytesScanned = _bytesScanned,
            BytesTruncated = _bytesTruncated,
            Offline = new Dictionary<TopicPartition, string>(_offline),
            OfflineDirectories = directories.Where(d => d.OfflineReason is not null).ToDictionary(d => d.Path, d => d.OfflineReason!),
            PreviousBrokerEpoch = _brokerEpoch ?? CleanShutdownMarker.NoBrokerEpoch,
            Elapsed = time.GetElapsedTime(_started),
        };
    }

    private void Report()
    {
        var last = Volatile.Read(ref _reported);
        if (progress is not null && time.GetElapsedTime(last) >= s_reportEvery
            && Interlocked.CompareExchange(ref _reported, time.GetTimestamp(), last) == last)
        {
            progress.Report(new RecoveryProgress(Volatile.Read(ref _done), Total, Volatile.Read(ref _bytesScanned)));
        }
    }
}
