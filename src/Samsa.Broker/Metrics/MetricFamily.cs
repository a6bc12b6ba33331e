using System.Diagnostics.Metrics;

namespace Samsa.Broker.Metrics;

/// <summary>One instrument and what it measured.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Instrument _instrument;
    private readonly bool _isLookedUp;
    private readonly double[] _boundaries;
    private readonly MetricSeriesSet _series;

    private MetricFamily(Instrument instrument, MetricKind kind, double[] boundaries)
    {
        _instrument = instrument;
        _isLookedUp = instrument.IsObservable;
        _boundaries = boundaries;
        _series = new MetricSeriesSet(kind == MetricKind.Histogram ? boundaries.Length + 1 : 0);
        Kind = kind;
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, kind);
    }

    /// <summary>Prometheus' name: underscores for dots, the unit, and <c>_total</c> for counters.</summary>
    public string Name { get; }

    /// <summary>Its kind.</summary>
    public MetricKind Kind { get; }

    /// <summary>Name of the meter it belongs to.</summary>
    public string MeterName => _instrument.Meter.Name;

    /// <summary>OpenTelemetry's name.</summary>
    public string InstrumentName => _instrument.Name;

    /// <summary>The unit, in UCUM.</summary>
    public string Unit => _instrument.Unit ?? "";

    /// <summary>What it means.</summary>
    public string Help => _instrument.Description ?? "";

    /// <summary>Names of the labels seen so far.</summary>
    public IEnumerable<string> LabelNames => _series.All.SelectMany(s => s.Labels).Select(l => l.Key).Distinct();

    /// <summary>The family of an instrument; null where its kind isn't known.</summary>
    public static MetricFamily? TryMake(Instrument instrument)
    {
        if (instrument is Histogram<double> or Histogram<long> or Histogram<int>)
        {
            return new MetricFamily(instrument, MetricKind.Histogram, BoundariesOf(instrument));
        }

        MetricKind? kind = instrument switch
        {
            Counter<long> or Counter<int> or Counter<double> => MetricKind.Counter,
            ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => MetricKind.Counter,
            UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double> => MetricKind.Gauge,
            ObservableUpDownCounter<long> or ObservableUpDownCounter<int> or ObservableUpDownCounter<double> => MetricKind.Gauge,
            Gauge<long> or Gauge<int> or Gauge<double> => MetricKind.Gauge,
            ObservableGauge<long> or ObservableGauge<int> or ObservableGauge<double> => MetricKind.Gauge,
            _ => null,
        };
        return kind is null ? null : new MetricFamily(instrument, kind.Value, []);
    }

    /// <summary>Takes a measurement in.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels, int scrape)
    {
        if (_series.Find(labels) is not { } series)
        {
            return;
        }

        if (Kind == MetricKind.Histogram)
        {
            series.Record(value, BucketOf(value));
        }
        else if (_isLookedUp || _instrument is Gauge<long> or Gauge<double> or Gauge<int>)
        {
            series.Value = value;
            series.Scrape = scrape;
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Writes every series.</summary>
    public void Write(ref PrometheusText text, int scrape)
    {
        if (_isLookedUp)
        {
            _series.KeepOnly(scrape);
        }

        var all = _series.All;
        if (all.Count == 0)
        {
            return;
        }

        text.Head(Name, Help, Kind);
        foreach (var series in all)
        {
            if (Kind == MetricKind.Histogram)
            {
                text.Histogram(Name, series, _boundaries);
            }
            else
            {
                text.Sample(Name, series.Labels, series.Value);
            }
        }
    }

    private static double[] BoundariesOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries.Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } boundaries } => [.. boundaries.Select(b => (double)b)],
        _ => DefaultBoundaries,
    };

    // A boundary belongs to the bucket below it.
    private int BucketOf(double value)
    {
        var index = Array.BinarySearch(_boundaries, value);
        return index >= 0 ? index : ~index;
    }
}

/// <summary>What Prometheus calls a kind of metric.</summary>
internal enum MetricKind
{
    /// <summary>Only ever grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts by size.</summary>
    Histogram,
}
