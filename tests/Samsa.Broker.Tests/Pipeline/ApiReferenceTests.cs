using System.IO.Compression;
using System.Text.Json;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Tests.Apis;
using Samsa.Broker.Tests.Configuration;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Pipeline;

public sealed class ApiReferenceTests
{
    [Fact]
    public async Task The_page_says_what_the_table_says()
    {
        await using var broker = await TestBroker.StartAsync();
        var recorded = await RecordedAsync();
        ReferencePage.ShouldBe("apis.md", ApiReference.Render(broker.Apis, broker.ControllerApis, key => TestsOf(key, recorded)));
    }

    private static string TestsOf(ApiKey key, Dictionary<ApiKey, int> recorded)
    {
        var name = $"{ApiCatalog.Get(key).Name}Tests";
        var own = File.Exists(Path.Combine(GoldenTable.Root, "tests", "Samsa.Broker.Tests", "Apis", $"{name}.cs"))
            ? $"[{name}](../../tests/Samsa.Broker.Tests/Apis/{name}.cs)"
            : "";
        return recorded.TryGetValue(key, out var count) ? $"{own}{(own.Length > 0 ? ", " : "")}{count} recorded" : own;
    }

    private static async Task<Dictionary<ApiKey, int>> RecordedAsync()
    {
        var counts = new Dictionary<ApiKey, int>();
        await using var file = File.OpenRead(Path.Combine(GoldenTable.Root, "tests", "golden", "wire.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var api = json.RootElement.GetProperty("api").GetString();

            // The name that ListConfigResources had when it was recorded.
            var current = api == "ListClientMetricsResources" ? nameof(ApiKey.ListConfigResources) : api;
            if (json.RootElement.GetProperty("run").GetString() == "plain" && Enum.TryParse<ApiKey>(current, out var key))
            {
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts;
    }
}
