using System.Buffers;
using System.Diagnostics.Metrics;

namespace Samsa.Broker.Metrics;

/// <summary>
/// Listens to the meters of one broker and of the runtime, and writes what they measured in the Prometheus text format. What is pushed is
/// summed from the moment this was made; what is looked up costs nothing until a scrape.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<MetricFamily> _families = [];
    private readonly Lock _gate = new();
    private readonly object _scope;
    private int _scrape;

    /// <summary>Begins to listen.</summary>
    /// <param name="scope">The scope of the meters to tell of (<see cref="Meter.Scope"/>): a process may hold several brokers.</param>
    public PrometheusExporter(object scope)
    {
        _scope = scope;
        _listener.InstrumentPublished = Publish;
        _listener.MeasurementsCompleted = (_, state) => Withdraw(state as MetricFamily);
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Measure(state, value, tags));
        _listener.Start();
    }

    /// <summary>Every metric there is now, sorted by name.</summary>
    internal IReadOnlyList<MetricFamily> Families
    {
        get
        {
            lock (_gate)
            {
                return [.. _families.OrderBy(f => f.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Looks everything up and writes it.</summary>
    /// <param name="output">Where to write.</param>
    public void Write(IBufferWriter<byte> output)
    {
        // One scrape at a time: a looked-up value belongs to the scrape that asked.
        lock (_listener)
        {
            _scrape++;
            _listener.RecordObservableInstruments();
            var text = new PrometheusText(output);
            foreach (var family in Families)
            {
                family.Write(ref text, _scrape);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        // The runtime's own meter tells of memory, collections, processor time and the thread pool.
        if (!ReferenceEquals(instrument.Meter.Scope, _scope) && instrument.Meter.Name != "System.Runtime")
        {
            return;
        }

        if (MetricFamily.TryMake(instrument) is { } family)
        {
            lock (_gate)
            {
                _families.Add(family);
            }

            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    private void Withdraw(MetricFamily? family)
    {
        if (family is not null)
        {
            lock (_gate)
            {
                _families.Remove(family);
            }
        }
    }

    private void Measure(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        ((MetricFamily)state!).Measure(value, labels, _scrape);
}
