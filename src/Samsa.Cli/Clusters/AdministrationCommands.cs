using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Samsa.Model;

namespace Samsa.Cli.Clusters;

/// <summary>The part of `samsa cluster` that deals with a cluster which runs already, wherever it runs.</summary>
internal static class AdministrationCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Describe();
        yield return Reassign();
        yield return Unregister();
    }

    private static Command Describe()
    {
        var command = new Command("describe", "Tells of a cluster's brokers and controllers, and of partitions that lack a replica or are being moved.");
        var target = Target.Of(command);
        command.SetAction((parsed, _) => RunAsync(parsed, target, cluster => ClusterAdministration.DescribeAsync(cluster, parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static Command Reassign()
    {
        var command = new Command("reassign", "Has replicas moved to other brokers: --topic with --replicas, or --from with --to, or --cancel.");
        var target = Target.Of(command);
        var topic = new Option<string?>("--topic") { Description = "The topic whose partitions get these replicas.", HelpName = "NAME" };
        var partition = new Option<int?>("--partition") { Description = "Only this partition of the topic.", HelpName = "N" };
        var replicas = Brokers("--replicas", "All brokers that shall have it, the preferred leader first.");
        var from = Brokers("--from", "The broker that shall have no replica any more.");
        var to = Brokers("--to", "The brokers that take its replicas over.");
        var cancel = new Option<bool>("--cancel") { Description = "Ends all moves that are under way; replicas stay where they were." };
        foreach (var option in (Option[])[topic, partition, replicas, from, to, cancel])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            var ways = (Has(topic) && Has(replicas) ? 1 : 0) + (Has(from) && Has(to) ? 1 : 0) + (Has(cancel) ? 1 : 0);
            if (ways != 1 || Has(topic) != Has(replicas) || Has(from) != Has(to) || (Has(partition) && !Has(topic)))
            {
                result.AddError("reassign takes either --topic and --replicas, or --from and --to, or --cancel");
            }
        });
        command.SetAction((parsed, _) => RunAsync(parsed, target, async cluster =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(cancel))
            {
                return await ClusterAdministration.CancelAsync(cluster, output, error);
            }

            var topics = (await cluster.MetadataAsync()).Topics;
            var moves = parsed.GetValue(topic) is { } name
                ? ReplicaMoves.Place(topics, name, parsed.GetValue(partition), parsed.GetValue(replicas)!)
                : ReplicaMoves.Drain(topics, parsed.GetValue(from)![0], parsed.GetValue(to)!);
            return moves.Count > 0
                ? await ClusterAdministration.MoveAsync(cluster, moves, output, error)
                : throw new IOException(parsed.GetValue(topic) is { } missing ? $"There is no such partition of a topic {missing}" : "The broker has no replicas");
        }));
        return command;
    }

    private static Command Unregister()
    {
        var command = new Command("unregister", "Forgets a broker that will not come back. It has to be stopped, and its replicas moved, before.");
        var target = Target.Of(command);
        var broker = new Option<int>("--broker") { Description = "Its node.id.", HelpName = "ID", Required = true };
        command.Options.Add(broker);
        command.SetAction((parsed, _) => RunAsync(parsed, target, cluster =>
            ClusterAdministration.UnregisterAsync(cluster, new BrokerId(parsed.GetValue(broker)), parsed.InvocationConfiguration.Output)));
        return command;
    }

    private static Option<BrokerId[]?> Brokers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ID,...",
        CustomParser = result =>
        {
            var ids = new List<BrokerId>();
            foreach (var part in result.Tokens[0].Value.Split(','))
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    result.AddError($"{name} takes broker ids with commas between them, not '{result.Tokens[0].Value}'");
                    return null;
                }

                ids.Add(new BrokerId(id));
            }

            return [.. ids];
        },
    };

    private static async Task<int> RunAsync(ParseResult parsed, Target target, Func<ClusterConnection, Task<int>> work)
    {
        try
        {
            using var cluster = new ClusterConnection(parsed.GetValue(target.Bootstrap)!, TimeSpan.FromSeconds(parsed.GetValue(target.Timeout)));
            return await work(cluster);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"samsa: {e.Message}");
            return ExitCode.Failure;
        }
    }

    /// <summary>The options that say which cluster.</summary>
    private sealed record Target(Option<string> Bootstrap, Option<int> Timeout)
    {
        public static Target Of(Command command)
        {
            var target = new Target(
                new("--bootstrap", "-b") { Description = "Any broker of the cluster, or several: one that does not answer is left for another.", HelpName = "HOST:PORT,...", DefaultValueFactory = _ => "localhost:9092" },
                new("--timeout") { Description = "How long to wait for answers.", HelpName = "SECONDS", DefaultValueFactory = _ => 30 });
            target.Timeout.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > 3600)
                {
                    result.AddError("--timeout takes 1 to 3600");
                }
            });
            command.Options.Add(target.Bootstrap);
            command.Options.Add(target.Timeout);
            return target;
        }
    }
}
