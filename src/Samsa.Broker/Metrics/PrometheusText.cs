using System.Buffers;
using System.Globalization;
using System.Text;

namespace Samsa.Broker.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4.</summary>
internal readonly struct PrometheusText(IBufferWriter<byte> output)
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Prometheus' name of an instrument, by OpenTelemetry's rules for translating names.</summary>
    public static string NameOf(string name, string? unit, MetricKind kind)
    {
        var text = new StringBuilder(name.Length + 16);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        }

        var suffix = unit switch
        {
            null or "" => "",
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" when kind == MetricKind.Gauge => "_ratio",
            _ => "",
        };
        var result = text.ToString();
        result = result.EndsWith(suffix, StringComparison.Ordinal) ? result : result + suffix;
        return kind != MetricKind.Counter || result.EndsWith("_total", StringComparison.Ordinal) ? result : result + "_total";
    }

    /// <summary>Writes what precedes a metric's samples.</summary>
    public void Head(string name, string help, MetricKind kind)
    {
        Text("# HELP ");
        Text(name);
        Text(" ");
        Text(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        Text("\n# TYPE ");
        Text(name);
        Text(kind switch { MetricKind.Counter => " counter\n", MetricKind.Gauge => " gauge\n", _ => " histogram\n" });
    }

    /// <summary>Writes one value.</summary>
    public void Sample(string name, IReadOnlyList<KeyValuePair<string, object?>> labels, double value) =>
        Line(name, "", labels, le: null, value);

    /// <summary>Writes the buckets, sum and count of a histogram.</summary>
    public void Histogram(string name, MetricSeries series, double[] boundaries)
    {
        long count = 0;
        for (var i = 0; i <= boundaries.Length; i++)
        {
            count += series.CountOf(i);
            Line(name, "_bucket", series.Labels, i < boundaries.Length ? Format(boundaries[i]) : "+Inf", count);
        }

        Line(name, "_sum", series.Labels, le: null, series.Value);
        Line(name, "_count", series.Labels, le: null, count);
    }

    private void Line(string name, string suffix, IReadOnlyList<KeyValuePair<string, object?>> labels, string? le, double value)
    {
        Text(name);
        Text(suffix);
        var separator = "{";
        foreach (var (label, text) in labels)
        {
            Label(separator, NameOf(label, unit: null, MetricKind.Gauge), Convert.ToString(text, CultureInfo.InvariantCulture) ?? "");
            separator = ",";
        }

        if (le is not null)
        {
            Label(separator, "le", le);
        }

        Text(labels.Count > 0 || le is not null ? "} " : " ");
        Text(Format(value));
        Text("\n");
    }

    private void Label(string separator, string name, string value)
    {
        Text(separator);
        Text(name);
        Text("=\"");
        Text(value.AsSpan().IndexOfAny("\\\"\n") < 0 ? value
            : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
        Text("\"");
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);

    private static string Format(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
