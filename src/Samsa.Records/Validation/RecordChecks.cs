using System.Runtime.InteropServices;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>The checks of each record of one batch, fed in order while the records are walked.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RecordChecks(BatchRules rules, in BatchHeader header, long nowMs)
{
    // Enough to see what is wrong; a client that errs a million times is told so a thousand times.
    private const int MostErrors = 1000;
    private const int ErrorsInMessage = 3;

    /// <summary>The timestamp of a record that has none.</summary>
    private const long NoTimestamp = -1;

    private readonly BatchRules _rules = rules;
    private readonly long _nowMs = nowMs;
    private readonly long _baseTimestamp = header.BaseTimestamp;
    private readonly bool _checkTime = rules.TimestampType == TimestampType.CreateTime;
    private readonly bool _checkKey = rules.Compacted && !header.IsControl;
    private readonly long _earliest = rules.EarliestTimestamp(nowMs);
    private readonly long _latest = rules.LatestTimestamp(nowMs);
    private int _index;
    private int _errorCount;
    private bool _timeErrors;
    private List<(int BatchIndex, string? Message)>? _errors;

    /// <summary>The largest timestamp seen.</summary>
    internal long MaxTimestamp { get; private set; } = NoTimestamp;

    /// <summary>Whether a record's offset was not its place in the batch.</summary>
    internal bool HasGaps { get; private set; }

    internal void Add(long timestampDelta, int offsetDelta, bool hasKey)
    {
        var timestamp = _baseTimestamp + timestampDelta;
        MaxTimestamp = Math.Max(MaxTimestamp, timestamp);
        HasGaps |= offsetDelta != _index;
        if (_checkKey && !hasKey)
        {
            AddError($"Compacted topic cannot accept message without key in topic partition {_rules.Partition}");
        }
        else if (_checkTime && (timestamp < _earliest || timestamp > _latest) && timestamp != NoTimestamp)
        {
            _timeErrors = true;
            AddError(
                $"Timestamp {timestamp} of message with offset {_index} is out of range. "
                + $"The timestamp should be within [{_earliest}, {_latest}]");
        }

        _index++;
    }

    /// <summary>The verdict on all records; null where nothing is wrong.</summary>
    internal readonly BatchValidation? Refusal()
    {
        if (_errors is null)
        {
            return null;
        }

        if (_timeErrors)
        {
            return BatchValidation.Refused(
                ErrorCode.InvalidTimestamp,
                "One or more records have been rejected due to invalid timestamp",
                [.. _errors]);
        }

        var shown = _errors.Take(ErrorsInMessage).Select(e => $"RecordError(batchIndex={e.BatchIndex}, message='{e.Message}')");
        return BatchValidation.Refused(
            ErrorCode.InvalidRecord,
            $"One or more records have been rejected due to {_errorCount} record errors in total, "
            + $"and only showing the first three errors at most: [{string.Join(", ", shown)}]",
            [.. _errors]);
    }

    private void AddError(string message)
    {
        _errorCount++;
        _errors ??= [];
        if (_errors.Count < MostErrors)
        {
            _errors.Add((_index, message));
        }
    }
}
