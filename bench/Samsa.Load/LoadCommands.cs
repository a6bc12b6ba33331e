using System.CommandLine;

namespace Samsa.Load;

/// <summary>The command line: workloads that share most of their options.</summary>
internal static class LoadCommands
{
    private const string Examples = """
        Whole-broker load against any Kafka-compatible broker, with librdkafka as the client.

        Examples:
          Samsa.Load produce --bootstrap localhost:9092 --topic load --records 1000000 --size 1024 --acks 1 --broker-pid 4711
          Samsa.Load produce --topic small --records 5000000 --size 100 --acks all --partitions 6 --batch-bytes 16384
          Samsa.Load consume --topic load --records 1000000 --broker-pid 4711
          Samsa.Load partitions --topic many --partitions 10000 --size 100 --broker-pid 4711
          Samsa.Load commit --topic load --records 100000 --members 10 --broker-pid 4711
          Samsa.Load rebalance --topic wide --partitions 200 --members 100
          Samsa.Load idle --members 500 --broker-pid 4711
          Samsa.Load latency --topic ping --records 20000 --size 100 --rate 1000 --acks all

        MB and GB are 10^6 and 10^9 bytes of record values, keys and batch overhead not counted.
        """;

    private static readonly Option<string> Bootstrap = new("--bootstrap")
    { Description = "Broker address, HOST:PORT.", DefaultValueFactory = _ => "localhost:9092", HelpName = "H:P" };
    private static readonly Option<string> Topic = new("--topic")
    { Description = "Topic; created with --partitions when missing.", DefaultValueFactory = _ => "load" };
    private static readonly Option<long> Records = new("--records")
    { Description = "Records to send or read.", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> Size = new("--size")
    { Description = "Bytes per record value.", DefaultValueFactory = _ => 1024 };
    private static readonly Option<string> Acks = new("--acks")
    { Description = "0, 1 or all.", DefaultValueFactory = _ => "1" };
    private static readonly Option<int> Partitions = new("--partitions")
    { Description = "Partitions of a topic that has to be created.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Codec = new("--codec")
    { Description = "none, gzip, snappy, lz4 or zstd.", DefaultValueFactory = _ => "none" };
    private static readonly Option<int> BatchBytes = new("--batch-bytes")
    { Description = "Largest batch.", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<double> LingerMs = new("--linger-ms")
    { Description = "How long a batch waits for more records; 5 for produce, 0 for latency when not given.", DefaultValueFactory = _ => -1 };
    private static readonly Option<int> BufferMegabytes = new("--buffer-mb")
    { Description = "The producer's buffer. Under full load the latency seen is about buffer size / throughput.", DefaultValueFactory = _ => 32 };
    private static readonly Option<bool> Idempotent = new("--idempotent")
    { Description = "Idempotent producer (needs --acks all)." };
    private static readonly Option<int> Rate = new("--rate")
    { Description = "Records per second that the latency run sends.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> FetchBytes = new("--fetch-bytes")
    { Description = "max.partition.fetch.bytes of the consumer.", DefaultValueFactory = _ => 1 << 20 };
    private static readonly Option<int> Members = new("--members")
    { Description = "Members of the group, groups that commit, or idle connections.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int?> BrokerPid = new("--broker-pid")
    { Description = "Process id of a broker on this machine: reports its CPU seconds per GB and its peak memory." };
    private static readonly Option<int> DeadlineSeconds = new("--deadline-s")
    { Description = "Gives up after this many seconds.", DefaultValueFactory = _ => 300 };
    private static readonly Option<bool> Json = new("--json")
    { Description = "One JSON object on stdout instead of text." };
    private static readonly Option<string[]> ClientProperties = new("--client")
    { Description = "A further librdkafka property, name=value; may be repeated.", AllowMultipleArgumentsPerToken = false };

    public static RootCommand Build()
    {
        Acks.AcceptOnlyFromAmong("0", "1", "all", "-1");
        Codec.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        foreach (Option<int> positive in new[] { Size, Partitions, BatchBytes, BufferMegabytes, Rate, FetchBytes, DeadlineSeconds })
        {
            positive.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{positive.Name} must be at least 1.");
                }
            });
        }

        return new RootCommand(Examples)
        {
            Workload("produce", "Sends records as fast as the broker takes them.", ProduceLoad.Run,
                Acks, Size, Codec, BatchBytes, LingerMs, BufferMegabytes, Idempotent),
            Workload("consume", "Reads records from the beginning of every partition (assign, no group).", ConsumeLoad.Run, FetchBytes),
            Workload("latency", "Sends at a fixed rate and measures produce-to-acknowledge and produce-to-consume times.", LatencyLoad.Run,
                Acks, Size, Codec, BatchBytes, LingerMs, BufferMegabytes, Idempotent, Rate, FetchBytes),
            Workload("partitions", "Creates --partitions partitions in topics of 1000 and sends one record to each.", PartitionsLoad.Run, Acks, Size),
            Workload("commit", "Commits offsets one after the other, from --members groups at once; --records commits in all.", CommitLoad.Run, Members),
            Workload("rebalance", "Time until a group of --members has its partitions: all join, one more joins, one leaves.", RebalanceLoad.Run, Members),
            Workload("idle", "Opens --members connections and tells the broker's memory for each (needs --broker-pid).", IdleLoad.Run, Members),
        };
    }

    private static Command Workload(string name, string description, Func<LoadOptions, LoadReport> run, params Option[] own)
    {
        var command = new Command(name, description) { Bootstrap, Topic, Records, Partitions, BrokerPid, DeadlineSeconds, Json, ClientProperties };
        foreach (Option option in own)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var options = Read(parsed);
            try
            {
                var report = run(options);
                Console.WriteLine(options.Json ? report.ToJson() : report.ToText());
                return report.Failed == 0 ? 0 : 1;
            }
            catch (LoadException e)
            {
                Console.Error.WriteLine($"Samsa.Load {name}: {e.Message}");
                return 2;
            }
        });
        return command;
    }

    private static LoadOptions Read(ParseResult parsed) => new()
    {
        Bootstrap = parsed.GetValue(Bootstrap)!,
        Topic = parsed.GetValue(Topic)!,
        Records = parsed.GetValue(Records),
        Size = parsed.GetValue(Size) is var size and > 0 ? size : 1024,
        Acks = parsed.GetValue(Acks) ?? "1",
        Partitions = parsed.GetValue(Partitions),
        Codec = parsed.GetValue(Codec) ?? "none",
        BatchBytes = parsed.GetValue(BatchBytes) is var batchBytes and > 0 ? batchBytes : 1_000_000,
        LingerMs = parsed.GetValue(LingerMs),
        BufferMegabytes = parsed.GetValue(BufferMegabytes) is var buffer and > 0 ? buffer : 32,
        Idempotent = parsed.GetValue(Idempotent),
        Rate = parsed.GetValue(Rate),
        FetchBytes = parsed.GetValue(FetchBytes),
        Members = parsed.GetValue(Members) is var members and > 0 ? members : 1,
        BrokerPid = parsed.GetValue(BrokerPid),
        DeadlineSeconds = parsed.GetValue(DeadlineSeconds),
        Json = parsed.GetValue(Json),
        ClientProperties = parsed.GetValue(ClientProperties) ?? [],
    };
}
