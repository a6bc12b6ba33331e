using System.CommandLine;

namespace Samsa.Cli.Clusters;

/// <summary>`samsa cluster`: a whole cluster of processes on this machine, for development; and what an operator asks of any cluster.</summary>
internal sealed class ClusterCommand : Command, IHasExamples
{
    private ClusterCommand()
        : base("cluster", "Runs a cluster of several processes on this machine, for development and tests, and administers clusters that run.")
    {
        var nodes = new Option<int>("--nodes", "-n") { Description = "How many nodes; up to five of them are controllers too.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var port = new Option<int>("--base-port", "-p")
        {
            Description = "The first node's port for clients; the others follow. Controllers use ports 1000 and 2000 above.", HelpName = "PORT", DefaultValueFactory = _ => 9092,
        };
        var data = new Option<string>("--data", "-d") { Description = "Where the nodes keep their data.", HelpName = "DIR", DefaultValueFactory = _ => "./samsa-cluster" };
        var set = new Option<string[]>("--set", "-s") { Description = "A setting of all nodes; may be given several times.", HelpName = "NAME=VALUE" };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 50)
            {
                result.AddError("--nodes takes 1 to 50");
            }
        });
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 63_000)
            {
                result.AddError("--base-port takes 1 to 63000");
            }
        });
        var start = new Command("start", "Starts the nodes, and stops them cleanly with Ctrl-C. What they write comes with the node's number before it.");
        foreach (var option in (Option[])[nodes, port, data, set])
        {
            start.Options.Add(option);
        }

        start.SetAction((parsed, _) => ClusterRun.RunAsync(
            new ClusterPlan(parsed.GetValue(nodes), parsed.GetValue(port), parsed.GetValue(data)!, parsed.GetValue(set) ?? []),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        Subcommands.Add(start);
        foreach (var command in AdministrationCommands.Create())
        {
            Subcommands.Add(command);
        }
    }

    public string[] Examples { get; } =
    [
        "samsa cluster start                              three nodes on ports 9092 to 9094, data in ./samsa-cluster",
        "samsa cluster start --nodes 5 --base-port 19092 --data /tmp/five",
        "samsa cluster start --set num.partitions=6",
        "samsa cluster describe --bootstrap kafka-1:9092   brokers, controllers, and what is not as it should be",
        "samsa cluster reassign --topic t --replicas 4,1,2 moves all partitions of a topic",
        "samsa cluster reassign --from 4 --to 1,2,3        moves away all that broker 4 has",
        "samsa cluster unregister --broker 4               forgets it, once it is stopped",
    ];

    public static ClusterCommand Create() => new();
}
