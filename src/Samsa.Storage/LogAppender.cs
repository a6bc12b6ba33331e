using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Appends: check, give offsets, roll where due, write once, and only then take note.</summary>
internal sealed class LogAppender(LogState log)
{
    private LogConfig? _rulesOf;
    private BatchRules? _clientRules;
    private BatchRules? _coordinatorRules;

    public AppendOutcome AsLeader(Memory<byte> records, LeaderEpoch epoch, AppendOrigin origin)
    {
        if (log.IsOffline || log.IsClosed)
        {
            return Offline();
        }

        var nowMs = log.NowMs;
        var rules = RulesFor(origin);
        var validation = BatchValidator.Validate(records, rules, nowMs);
        if (!validation.IsValid)
        {
            return AppendOutcome.Failed(validation.Error, validation.Message, validation.RecordErrors);
        }

        lock (log.Writer)
        {
            if (CheckProducers(records[..validation.ValidBytes], origin) is { } answer)
            {
                return answer;
            }

            if (!validation.NeedsRewrite)
            {
                return Append(records[..validation.ValidBytes], epoch, validation, nowMs);
            }

            using var buffer = new RecordBuffer();
            var error = BatchRecompressor.Rewrite(records[..validation.ValidBytes], rules, buffer);
            return error == ErrorCode.None
                ? Append(buffer.Written, epoch, validation, nowMs)
                : AppendOutcome.Failed(error, "The batch is too large once it is compressed as the topic demands.");
        }
    }

    public ErrorCode AsFollower(ReadOnlyMemory<byte> records)
    {
        if (log.IsOffline || log.IsClosed)
        {
            return ErrorCode.KafkaStorageError;
        }

        lock (log.Writer)
        {
            var end = log.LogEnd;
            var first = Offset.None;
            var maxTimestamp = -1L;
            var whole = 0;
            foreach (var batch in RecordBatch.Enumerate(records))
            {
                if (batch.Header.LastOffsetDelta < 0 || !RecordBatch.IsCrcValid(batch.Bytes.Span))
                {
                    return ErrorCode.CorruptMessage;
                }

                if (batch.Header.BaseOffset < end)
                {
                    return ErrorCode.OffsetOutOfRange;
                }

                first = first.IsPosition ? first : batch.Header.BaseOffset;
                end = batch.Header.NextOffset;
                maxTimestamp = Math.Max(maxTimestamp, batch.Header.MaxTimestamp);
                whole = batch.Position + batch.Header.SizeInBytes;
            }

            // A fetch may cut the last batch short; a first one cut short, or no batch at all, is damage.
            return whole == 0 ? ErrorCode.CorruptMessage : Write(records[..whole], first, end - 1, maxTimestamp, log.NowMs);
        }
    }

    private AppendOutcome? CheckProducers(ReadOnlyMemory<byte> records, AppendOrigin origin)
    {
        foreach (var batch in RecordBatch.Enumerate(records))
        {
            var error = log.Producers.Check(batch.Header, origin, out var duplicate, out var message);
            if (error != ErrorCode.None)
            {
                return AppendOutcome.Failed(error, message);
            }

            if (duplicate is { } written)
            {
                // Kafka names the batch's time here also where the topic uses CreateTime.
                return new(ErrorCode.None, null, written.FirstOffset, written.LastOffset, written.TimestampMs, IsDuplicate: true, null);
            }
        }

        return null;
    }

    private AppendOutcome Append(Memory<byte> records, LeaderEpoch epoch, in BatchValidation validation, long nowMs)
    {
        var first = log.LogEnd;
        var next = first;
        foreach (var batch in RecordBatch.Enumerate(records))
        {
            // The checksum covers what follows these two fields, so they may be set without computing it again.
            var bytes = records.Span[batch.Position..];
            RecordBatch.SetBaseOffset(bytes, next);
            RecordBatch.SetLeaderEpoch(bytes, epoch);
            next += batch.Header.LastOffsetDelta + 1L;
        }

        var error = Write(records, first, next - 1, validation.MaxTimestamp, nowMs);
        return error == ErrorCode.None
            ? new(ErrorCode.None, null, first, next - 1, validation.LogAppendTimeMs, IsDuplicate: false, null)
            : Offline();
    }

    private ErrorCode Write(ReadOnlyMemory<byte> records, Offset first, Offset last, long maxTimestampMs, long nowMs)
    {
        if (log.IsOffline || log.IsClosed)
        {
            return ErrorCode.KafkaStorageError;
        }

        try
        {
            if (LogRoller.IsDue(log, records.Length, last, maxTimestampMs, nowMs))
            {
                LogRoller.Roll(log, first);
            }

            log.Active.Append(records, log.Config.IndexIntervalBytes);
        }
        catch (IOException e)
        {
            log.Logger.AppendFailed(e, log.Partition, first, records.Length);
            log.DiskFailed?.Invoke();
            return ErrorCode.KafkaStorageError;
        }

        TakeNote(records, nowMs);
        log.LogEnd = last + 1;
        return ErrorCode.None;
    }

    private void TakeNote(ReadOnlyMemory<byte> records, long nowMs)
    {
        foreach (var batch in RecordBatch.Enumerate(records))
        {
            if (batch.Header.LeaderEpoch > log.Epochs.Latest)
            {
                log.Epochs.Assign(batch.Header.LeaderEpoch, batch.Header.BaseOffset);
            }

            if (log.Epochs.IsUnwritten)
            {
                log.TryPersistEpochs();
            }

            if (batch.Header.HasProducerId && log.Producers.Apply(batch.Bytes, batch.Header, nowMs, out var aborted))
            {
                log.Active.AddAborted(aborted);
            }
        }
    }

    private BatchRules RulesFor(AppendOrigin origin)
    {
        var config = log.Config;
        if (!ReferenceEquals(config, _rulesOf))
        {
            _clientRules = null;
            _coordinatorRules = null;
            _rulesOf = config;
        }

        return origin == AppendOrigin.Client
            ? _clientRules ??= Rules(config, isClient: true)
            : _coordinatorRules ??= Rules(config, isClient: false);
    }

    private BatchRules Rules(LogConfig config, bool isClient) => new()
    {
        Partition = log.Partition,
        MaxMessageBytes = config.MaxMessageBytes,
        MaxSegmentBytes = config.SegmentBytes,
        Compacted = config.CleanupCompact,
        TimestampType = config.TimestampType,
        TimestampBeforeMaxMs = config.TimestampBeforeMaxMs,
        TimestampAfterMaxMs = config.TimestampAfterMaxMs,
        TargetCompression = config.CompressionType,
        CompressionLevel = config.CompressionLevel,
        AllowMultipleBatches = !isClient,
        IsClient = isClient,
    };

    private static AppendOutcome Offline() => AppendOutcome.Failed(ErrorCode.KafkaStorageError, "The log's disk failed.");
}
