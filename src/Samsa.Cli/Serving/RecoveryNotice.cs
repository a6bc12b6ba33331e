using Samsa.Storage;

namespace Samsa.Cli.Serving;

/// <summary>Says how far recovery is, once it takes long enough for somebody to wonder.</summary>
/// <param name="notices">Where to say it.</param>
/// <param name="time">The clock.</param>
internal sealed class RecoveryNotice(TextWriter notices, TimeProvider time) : IProgress<RecoveryProgress>
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _last = time.GetTimestamp();

    public void Report(RecoveryProgress value)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_last) < s_every || value.PartitionsDone == value.PartitionsTotal)
            {
                return;
            }

            _last = time.GetTimestamp();
            notices.WriteLine(
                $"samsa: opening the logs: {value.PartitionsDone} of {value.PartitionsTotal} partitions, {ReadySummary.Size(value.BytesScanned)} checked");
        }
    }
}
