using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Samsa.Model;

namespace Samsa.Records.Tests;

/// <summary>The batches of Kafka's recorded Produce cases get the answers that Kafka gave, but for the deviations named here.</summary>
public sealed partial class GoldenProduceTests
{
    /// <summary>What is decided before or after the check of the batch itself: topic, acks, transactions, sequences, versions.</summary>
    private static readonly ErrorCode[] s_decidedElsewhere =
    [
        ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequiredAcks, ErrorCode.OutOfOrderSequenceNumber,
        ErrorCode.InvalidProducerEpoch, ErrorCode.InvalidTxnState, ErrorCode.InvalidProducerIdMapping,
        ErrorCode.TransactionalIdAuthorizationFailed, ErrorCode.UnsupportedCompressionType,
    ];

    /// <summary>Where Samsa answers otherwise, and why.</summary>
    private static readonly Dictionary<string, ErrorCode> s_deviations = new(StringComparer.Ordinal)
    {
        // Formats 0 and 1 are refused in every version; Kafka converts them below version 3.
        ["Produce.v0.ok"] = ErrorCode.UnsupportedForMessageFormat,
        ["Produce.v1.ok"] = ErrorCode.UnsupportedForMessageFormat,
        ["Produce.v2.ok"] = ErrorCode.UnsupportedForMessageFormat,
        ["Produce.v2.magic0-two-messages"] = ErrorCode.UnsupportedForMessageFormat,
        ["Produce.v3.magic-0-in-v3"] = ErrorCode.UnsupportedForMessageFormat,

        // Kafka says UNKNOWN_SERVER_ERROR.
        ["Produce.v9.codec-5"] = ErrorCode.UnsupportedCompressionType,
        ["Produce.v9.codec-7"] = ErrorCode.UnsupportedCompressionType,
        ["Produce.v9.snappy-garbage"] = ErrorCode.CorruptMessage,
        ["Produce.v9.zstd-garbage"] = ErrorCode.CorruptMessage,

        // Kafka stores a record that ends early in a compressed batch, and no consumer gets past it.
        ["Produce.v9.record-length-wrong-codec1"] = ErrorCode.InvalidRecord,
    };

    public static TheoryData<string> Cases => [.. Load().Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_check_agrees_with_kafka(string name)
    {
        var recorded = Load()[name];
        var message = recorded.TryGetProperty("message", out var text) ? text.GetString() : null;
        var records = Convert.FromHexString(recorded.GetProperty("records").GetString()!);

        var validation = BatchValidator.Validate(records, Rules(recorded), Now(recorded));

        var answered = (ErrorCode)recorded.GetProperty("error").GetInt16();
        Assert.Equal(s_deviations.GetValueOrDefault(name, answered), validation.Error);
        if (message is not null)
        {
            Assert.Equal(message, validation.Message);
        }

        if (recorded.TryGetProperty("recordErrors", out var errors))
        {
            Assert.Equal(
                errors.EnumerateArray().Select(e => (e[0].GetInt32(), e[1].GetString())), validation.RecordErrors);
        }
    }

    private static BatchRules Rules(JsonElement recorded)
    {
        var rules = recorded.GetProperty("rules");
        var partition = recorded.GetProperty("partition").GetString()!.Split('-');
        return new BatchRules
        {
            Partition = new TopicPartition(partition[0], int.Parse(partition[1], CultureInfo.InvariantCulture)),
            MaxMessageBytes = Number(rules, "MaxMessageBytes", 1048588),
            MaxSegmentBytes = Number(rules, "MaxSegmentBytes", int.MaxValue),
            TimestampBeforeMaxMs = Number(rules, "TimestampBeforeMaxMs", 0) is > 0 and var before ? before : long.MaxValue,
            TimestampAfterMaxMs = Number(rules, "TimestampAfterMaxMs", 0) is > 0 and var after ? after : long.MaxValue,
            Compacted = rules.TryGetProperty("Compacted", out _),
            TimestampType = rules.TryGetProperty("LogAppendTime", out _) ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TargetCompression = rules.TryGetProperty("TargetCompression", out _) ? CompressionType.Gzip : null,
        };
    }

    private static int Number(JsonElement rules, string name, int otherwise) =>
        rules.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;

    /// <summary>Kafka's clock when it answered, as far as the answer tells.</summary>
    private static long Now(JsonElement recorded) =>
        Bounds().Match(recorded.GetRawText()) is { Success: true } bounds
            ? long.Parse(bounds.Groups["earliest"].ValueSpan, CultureInfo.InvariantCulture) + 1000
            : 1_795_380_000_000;

    private static Dictionary<string, JsonElement> Load() =>
        File.ReadLines(GoldenFiles.Path("produce-batches.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => !s_decidedElsewhere.Contains((ErrorCode)e.GetProperty("error").GetInt16()))
            .DistinctBy(e => e.GetProperty("case").GetString())
            .ToDictionary(e => e.GetProperty("case").GetString()!, StringComparer.Ordinal);

    [GeneratedRegex(@"within \[(?<earliest>\d+), \d+\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bounds();
}
