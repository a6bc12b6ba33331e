namespace Samsa.Load;

/// <summary>What one run does; sizes in bytes, times in milliseconds.</summary>
internal sealed record LoadOptions
{
    public required string Bootstrap { get; init; }
    public required string Topic { get; init; }
    public required long Records { get; init; }
    public required int Size { get; init; }
    public required string Acks { get; init; }
    public required int Partitions { get; init; }
    public required string Codec { get; init; }
    public required int BatchBytes { get; init; }
    public required double LingerMs { get; init; }
    public required int BufferMegabytes { get; init; }
    public required bool Idempotent { get; init; }
    public required int Rate { get; init; }
    public required int FetchBytes { get; init; }
    public required int Members { get; init; }
    public required int? BrokerPid { get; init; }
    public required int DeadlineSeconds { get; init; }
    public required bool Json { get; init; }
    public required IReadOnlyList<string> ClientProperties { get; init; }

    /// <summary>A run never lasts longer than this, whatever the broker does.</summary>
    public TimeSpan Deadline => TimeSpan.FromSeconds(DeadlineSeconds);
}
