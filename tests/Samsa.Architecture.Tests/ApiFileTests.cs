using System.Text.RegularExpressions;

namespace Samsa.Architecture.Tests;

/// <summary>The ten-second rule: whoever knows an API's name knows its files.</summary>
public sealed partial class ApiFileTests
{
    private static readonly string[] Served =
    [
        .. ServedKey().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "Samsa.Broker", "ServedApis.cs")))
            .Select(m => m.Groups[1].Value),
    ];

    // Between nodes, or about the cluster as a whole, so that one broker alone shows nothing of them: see Samsa.Core.Tests/Metadata,
    // Samsa.Broker.Tests/Metadata and ClusterAdministrationTests in Samsa.Server.Tests.
    private static readonly string[] TestedElsewhere =
    [
        "AllocateProducerIds", "AlterPartition", "AlterPartitionReassignments", "AssignReplicasToDirs", "BrokerHeartbeat", "BrokerRegistration",
        "ElectLeaders", "Envelope", "FetchSnapshot", "ListPartitionReassignments", "UnregisterBroker",
    ];

    [Fact]
    public void Every_served_api_has_one_handler_file_and_one_definition()
    {
        Assert.NotEmpty(Served);
        Findings.None(Served
            .SelectMany(api => new[] { $"src/Samsa.Broker/Apis/{api}.cs", $"src/Samsa.Protocol/Messages/{api}.kmsg" })
            .Where(file => !File.Exists(Path.Combine(Repository.Root, file)))
            .Select(file => $"{file} is missing"));
    }

    [Fact]
    public void Every_served_api_has_its_tests_where_they_are_looked_for() =>
        Findings.None(Served.Distinct(StringComparer.Ordinal)
            .Where(api => File.Exists(Path.Combine(Repository.Root, "tests", "Samsa.Broker.Tests", "Apis", $"{api}Tests.cs")) == TestedElsewhere.Contains(api))
            .Select(api => TestedElsewhere.Contains(api)
                ? $"{api} has tests of its own: take it out of {nameof(TestedElsewhere)}"
                : $"tests/Samsa.Broker.Tests/Apis/{api}Tests.cs is missing"));

    [Fact]
    public void A_handler_opens_with_what_it_does() =>
        Findings.None(Served
            .Where(api => !Regex.IsMatch(
                File.ReadAllText(Path.Combine(Repository.Root, "src", "Samsa.Broker", "Apis", $"{api}.cs")), $@"/// <summary>(\n/// )?{api} \("))
            .Select(api => $"Apis/{api}.cs should begin its summary with '{api} (' and the KIPs that shaped it"));

    [Fact]
    public void A_definition_says_what_its_api_is_for() =>
        Findings.None(Repository.Files("*.kmsg", "src/Samsa.Protocol/Messages")
            .Where(file => !File.ReadLines(file).First().StartsWith("# ", StringComparison.Ordinal))
            .Select(Repository.Relative));

    [GeneratedRegex(@"ServedApi\.\w+\(ApiKey\.(\w+),")]
    private static partial Regex ServedKey();
}
