using Microsoft.Extensions.Logging;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Records;

namespace Samsa.Broker.Coordinators;

/// <summary>Reads a partition of <c>__consumer_offsets</c> into a fresh <see cref="GroupShard"/>; at most a few at once.</summary>
internal sealed class GroupShardLoader(Func<GroupShard> newShard, TimeProvider time, ILogger logger)
{
    private const int ReadBytes = 4 * 1024 * 1024;
    private const int MaxDecompressedBytes = 256 * 1024 * 1024;
    private static readonly TimeSpan s_worthTelling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_commitPoll = TimeSpan.FromMilliseconds(10);
    private readonly Turns _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>
    /// Reads the whole log, and waits until all that was read is committed: a leader that has just taken over may hold records
    /// that are not, and nobody may be told of them yet. Tries again where the disk fails.
    /// </summary>
    public async Task<GroupShard> LoadAsync(Partition partition, CancellationToken cancellationToken)
    {
        var (shard, end) = await ReadAsync(partition, cancellationToken);
        while (partition.HighWatermark < end)
        {
            await Task.Delay(s_commitPoll, time, cancellationToken);
        }

        return shard;
    }

    private async Task<(GroupShard Shard, Offset End)> ReadAsync(Partition partition, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _turns.EnterAsync(cancellationToken);
            try
            {
                // Off the caller's stack: it applies changes of the metadata.
                await Task.Yield();
                return ReadAll(partition, cancellationToken);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                CoordinatorLog.CannotLoad(logger, partition.Name, e.Message);
            }
            finally
            {
                _turns.Leave();
            }

            await Task.Delay(s_retry, time, cancellationToken);
        }
    }

    private (GroupShard Shard, Offset End) ReadAll(Partition partition, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var told = started;
        var shard = newShard();
        var log = partition.Log;
        var (from, end) = (log.LogStartOffset, log.LogEndOffset);
        while (from < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = log.Read(from, ReadBytes, end, atLeastOneBatch: true);
            if (outcome.Error != ErrorCode.None || outcome.Slice is null)
            {
                throw new IOException($"cannot be read at offset {from}: {outcome.Error}");
            }

            byte[] bytes;
            using (outcome.Slice)
            {
                bytes = new byte[outcome.Slice.Length];
                outcome.Slice.CopyTo(bytes);
            }

            from = Replay(shard, bytes, from, partition);
            if (time.GetElapsedTime(told) > s_worthTelling)
            {
                told = time.GetTimestamp();
                CoordinatorLog.Loading(logger, partition.Name, from, end);
            }
        }

        var elapsed = time.GetElapsedTime(started);
        if (elapsed > s_worthTelling)
        {
            CoordinatorLog.Loaded(logger, partition.Name, shard.Groups.Count, shard.OffsetCount, (long)elapsed.TotalMilliseconds);
        }

        return (shard, end);
    }

    private Offset Replay(GroupShard shard, byte[] bytes, Offset from, Partition partition)
    {
        foreach (var batch in RecordBatch.Enumerate(bytes))
        {
            from = batch.Header.NextOffset;
            if (batch.Header.IsControl)
            {
                continue;
            }

            try
            {
                foreach (var record in RecordBatch.Records(batch.Bytes, MaxDecompressedBytes))
                {
                    // What is kept of a record must not be a slice of the whole chunk, nor of a decompressor's pooled buffer.
                    // A tombstone has no value, which is not the same as an empty one.
                    var value = default(ReadOnlyMemory<byte>?);
                    if (record.HasValue)
                    {
                        value = record.Value.ToArray();
                    }

                    if (record.HasKey && GroupRecordCodec.TryDecode(record.Key.ToArray(), value, out var decoded))
                    {
                        shard.Replay(decoded.Key, decoded.Value);
                    }
                }
            }
            catch (Exception e) when (e is ProtocolException or InvalidRecordException)
            {
                CoordinatorLog.Skipped(logger, partition.Name, batch.Header.BaseOffset, e.Message);
            }
        }

        return from;
    }
}
