using System.Text;
using Microsoft.Extensions.Time.Testing;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests.LogDirs;

/// <summary>Stores on the real disk, with a clock that stands still unless it is moved.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    public static LeaderEpoch Epoch => new(3);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    public DiskWithFaults Disk { get; } = new();

    public LogConfig Config { get; set; } = new() { FileDeleteDelayMs = 60_000 };

    public string In(params string[] names) => _place.In(names);

    public void Dispose() => _place.Dispose();

    public Task<OpenStore> OpenAsync(params string[] directories) => OpenAsync(static o => o, directories);

    public async Task<OpenStore> OpenAsync(Func<LogStoreOptions, LogStoreOptions> with, params string[] directories)
    {
        var names = directories.Length == 0 ? ["data"] : directories;
        var claimed = LogDirectories.Claim(Disk, [.. names.Select(n => In(n))], new BrokerId(1), null);
        try
        {
            var options = with(new LogStoreOptions { Directories = claimed, ConfigFor = _ => Config, TimeProvider = Time });
            return new OpenStore(await LogStore.OpenAsync(options, null, TestContext.Current.CancellationToken), claimed);
        }
        catch
        {
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>What a process that is killed now leaves behind, as a directory of its own.</summary>
    public string KilledCopyOf(string directory)
    {
        var copy = directory + "-killed";
        foreach (var file in Directory.EnumerateFiles(In(directory), "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == ".lock")
            {
                continue;
            }

            var target = In(copy, Path.GetRelativePath(In(directory), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    public static byte[] Batch(params string[] values)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
        }

        return builder.Build().ToArray();
    }

    public static void Append(PartitionLog log, params string[] values)
    {
        var outcome = TryAppend(log, values);
        Assert.Equal((ErrorCode.None, null), (outcome.Error, outcome.Message));
        log.AdvanceHighWatermark(log.LogEndOffset);
    }

    public static AppendOutcome TryAppend(PartitionLog log, params string[] values) =>
        log.AppendAsLeader(Batch(values), Epoch, AppendOrigin.Client);

    public static List<string> Read(PartitionLog log)
    {
        var values = new List<string>();
        var from = log.LogStartOffset;
        while (from < log.LogEndOffset)
        {
            var outcome = log.Read(from, 1 << 20, log.LogEndOffset, atLeastOneBatch: true);
            Assert.Equal(ErrorCode.None, outcome.Error);
            using var slice = outcome.Slice!;
            var bytes = new byte[slice.Length];
            slice.CopyTo(bytes);
            foreach (var batch in RecordBatch.Enumerate(bytes))
            {
                foreach (var record in RecordBatch.Records(batch.Bytes, 1 << 20))
                {
                    values.Add(Encoding.UTF8.GetString(record.Value));
                }

                from = batch.Header.NextOffset;
            }
        }

        return values;
    }

    /// <summary>Moves the clock on until something the background does has happened.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan step)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            Time.Advance(step);
            await Task.Yield();
        }
    }
}

/// <summary>A store and the claim on its directories.</summary>
internal sealed class OpenStore(LogStore store, LogDirectories claimed) : IAsyncDisposable
{
    public LogStore Store { get; } = store;

    public PartitionLog this[TopicPartition partition] =>
        Store.TryGet(partition, out var log) ? log : throw new InvalidOperationException($"{partition} is not here");

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        claimed.Dispose();
    }
}
