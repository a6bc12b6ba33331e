namespace Samsa.Storage;

/// <summary>Reads the leader epochs out of the batches, for a log whose epoch file is missing or damaged.</summary>
internal static class EpochReplay
{
    public static void Restore(LogState log)
    {
        Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
        foreach (var segment in log.Segments)
        {
            if (segment.Size == 0)
            {
                continue;
            }

            var shared = segment.Acquire();
            try
            {
                var walk = new HeaderWalk(shared.File, 0, segment.Size, buffer);
                while (walk.MoveNext())
                {
                    if (walk.Header.LeaderEpoch > log.Epochs.Latest)
                    {
                        log.Epochs.Assign(walk.Header.LeaderEpoch, walk.Header.BaseOffset);
                    }
                }
            }
            finally
            {
                shared.Release();
            }
        }
    }
}
