using Samsa.Interop.Processes;

namespace Samsa.Interop.Tests.Clients;

/// <summary>A client program of this folder: how it is started, and whether what it needs is installed.</summary>
internal sealed record ClientProgram(string Executable, string Script, string Needs, string MustExist)
{
    private const string DebianPackages = "/usr/lib/python3/dist-packages";

    private static readonly string Folder = Path.Combine(BuiltServer.Root, "tests", "Samsa.Interop.Tests", "Clients");

    /// <summary>Where scripts/install-test-tools puts kafkajs.</summary>
    public static readonly string NodeModules = Path.Combine(BuiltServer.Root, "artifacts", "test-clients", "node", "node_modules");

    public static ClientProgram Of(ClientKind kind) => kind switch
    {
        // Debian's Python: another one on the PATH does not see Debian's packages.
        ClientKind.KafkaPython => new("/usr/bin/python3", Path.Combine(Folder, "python", "kafka_python_client.py"), "python3-kafka", $"{DebianPackages}/kafka"),
        ClientKind.ConfluentPython => new("/usr/bin/python3", Path.Combine(Folder, "python", "confluent_python_client.py"), "python3-confluent-kafka", $"{DebianPackages}/confluent_kafka"),
        ClientKind.KafkaJs => new("node", Path.Combine(Folder, "node", "kafkajs_client.js"), "nodejs and kafkajs", Path.Combine(NodeModules, "kafkajs")),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The test is skipped, and says why, where the client is not installed; on a CI server that is a failure.</summary>
    public void Require() => TestTool.Require(Directory.Exists(MustExist), Needs);
}
