using System.Text;

namespace Samsa.Broker.Metrics;

/// <summary>The reference page of all metrics, made from the instruments themselves.</summary>
public static class MetricsReference
{
    /// <summary>The text of <c>docs/reference/metrics.md</c>.</summary>
    /// <param name="exporter">An exporter to which everything was published that the page shall name, measured once where it has labels.</param>
    public static string Render(PrometheusExporter exporter)
    {
        var page = new StringBuilder();
        page.Append("""
            # Metrics

            Generated from the instruments of `Samsa.Broker` and `Samsa.Network`; a test fails when this page is stale
            (`SAMSA_REGENERATE_DOCS=1` rewrites it).

            `GET /metrics` on `samsa.admin.listener` (`http://127.0.0.1:9644` unless told otherwise) answers in the Prometheus text
            format. The instruments are those of System.Diagnostics.Metrics, so `dotnet-counters` and OpenTelemetry see the same under
            the names in the second column. What the runtime measures of itself (meter `System.Runtime`: memory, collections, processor
            time, thread pool) is served too.


            """.ReplaceLineEndings("\n"));
        foreach (var meter in exporter.Families.Where(f => f.MeterName != "System.Runtime").GroupBy(f => f.MeterName).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            page.Append("## ").Append(meter.Key).Append("\n\n| Name in Prometheus | Instrument | Kind | Unit | Labels | Meaning |\n|---|---|---|---|---|---|\n");
            foreach (var family in meter)
            {
                page.Append("| `").Append(family.Name)
                    .Append("` | `").Append(family.InstrumentName)
                    .Append("` | ").Append(family.Kind.ToString().ToLowerInvariant())
                    .Append(" | ").Append(DescribeUnit(family.Unit))
                    .Append(" | ").AppendJoin(", ", family.LabelNames.Select(l => $"`{l}`"))
                    .Append(" | ").Append(family.Help).Append(" |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string DescribeUnit(string unit) => unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => unit.Trim('{', '}'),
    };
}
