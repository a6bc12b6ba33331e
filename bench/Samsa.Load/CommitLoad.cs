using System.Diagnostics;
using Confluent.Kafka;
using HdrHistogram;

namespace Samsa.Load;

/// <summary>Commits offsets as fast as the broker acknowledges them: --members groups, each with one commit in flight.</summary>
internal static class CommitLoad
{
    public static LoadReport Run(LoadOptions options)
    {
        Clients.RequireCurrentLibrdkafka();
        int partitions = Clients.EnsureTopic(options);
        var probe = new BrokerProbe(options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        var latencies = Latency.NewHistogram();
        long left = options.Records;
        long failed = 0;
        string? firstError = null;
        IConsumer<Ignore, byte[]>[] committers = [.. Enumerable.Range(0, options.Members).Select(i => Clients.Member(options, $"{options.Topic}-commits-{i}"))];

        // The first commit of a group also finds its coordinator, which is not what is measured.
        Parallel.ForEach(committers, c => c.Commit([new TopicPartitionOffset(options.Topic, 0, 0)]));
        long start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. committers.Select(committer => new Thread(() => Commit(committer)))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Array.ForEach(committers, c => c.Dispose());
        return new LoadReport("commit", options, options.Records - Math.Max(0, left) - failed, failed, 0, elapsed)
        {
            FirstError = firstError,
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
            Latencies = [Latency.Of("commit", latencies)],
        };

        void Commit(IConsumer<Ignore, byte[]> committer)
        {
            long number;
            while ((number = Interlocked.Decrement(ref left)) >= 0 && Stopwatch.GetElapsedTime(start) < options.Deadline)
            {
                long sent = Stopwatch.GetTimestamp();
                try
                {
                    committer.Commit([new TopicPartitionOffset(options.Topic, (int)(number % partitions), number)]);
                }
                catch (KafkaException e)
                {
                    Interlocked.Increment(ref failed);
                    Interlocked.CompareExchange(ref firstError, e.Error.Reason, null);
                }

                lock (latencies)
                {
                    latencies.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds));
                }
            }
        }
    }
}
