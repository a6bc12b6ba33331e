using System.Diagnostics.Metrics;

namespace Samsa.Network;

/// <summary>What the listeners count, per listener. The counts are plain fields that are read when somebody looks, so the hot path pays an addition.</summary>
public sealed class NetworkMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Samsa.Network";

    private readonly List<ListenerCounters> _listeners = [];

    internal NetworkMetrics(Meter meter, RequestMemoryBudget budget, BufferPool pool)
    {
        meter.CreateObservableUpDownCounter("samsa.network.connections", () => Read(c => c.Connections), "{connection}", "Open connections.");
        meter.CreateObservableCounter("samsa.network.connections.accepted", () => Read(c => c.Accepted), "{connection}", "Connections accepted since the start.");
        meter.CreateObservableCounter("samsa.network.connections.refused", () => Read(c => c.Refused), "{connection}", "Connections closed because of max.connections.per.ip or a quota.");
        meter.CreateObservableCounter("samsa.network.received", () => Read(c => c.BytesIn), "By", "Bytes received.");
        meter.CreateObservableCounter("samsa.network.sent", () => Read(c => c.BytesOut), "By", "Bytes sent.");
        meter.CreateObservableCounter("samsa.network.requests", () => Read(c => c.Requests), "{request}", "Requests begun.");
        meter.CreateObservableUpDownCounter("samsa.network.requests.in_flight", () => Read(c => c.InFlight), "{request}", "Requests begun and not yet answered.");
        meter.CreateObservableCounter("samsa.network.frames.rejected", () => Read(c => c.RejectedFrames), "{frame}", "Frames of impossible size or content, each of which closed its connection.");
        meter.CreateObservableUpDownCounter("samsa.network.requests.memory", () => budget.Used, "By", "Memory reserved by requests, as queued.max.request.bytes counts it.");
        meter.CreateObservableUpDownCounter("samsa.network.answers.memory", () => pool.AnswerBytes, "By", "Memory of large answers that wait to be sent.");
        meter.CreateObservableUpDownCounter("samsa.network.buffers.rented", () => pool.Outstanding, "{buffer}", "Pooled buffers in use.");
        meter.CreateObservableUpDownCounter("samsa.network.buffers.retained", () => pool.RetainedBytes, "By", "Memory of pooled buffers kept for reuse.");
    }

    internal ListenerCounters Add(string listener)
    {
        var counters = new ListenerCounters(listener);
        lock (_listeners)
        {
            _listeners.Add(counters);
        }

        return counters;
    }

    private List<Measurement<long>> Read(Func<ListenerCounters, long> value)
    {
        lock (_listeners)
        {
            return [.. _listeners.Select(c => new Measurement<long>(value(c), c.Tag))];
        }
    }
}

/// <summary>The counts of one listener.</summary>
internal sealed class ListenerCounters(string listener)
{
    private long _connections;
    private long _accepted;
    private long _refused;
    private long _bytesIn;
    private long _bytesOut;
    private long _requests;
    private long _inFlight;
    private long _rejectedFrames;

    public KeyValuePair<string, object?> Tag { get; } = new("listener", listener);

    public long Connections => Interlocked.Read(ref _connections);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long Requests => Interlocked.Read(ref _requests);

    public long InFlight => Interlocked.Read(ref _inFlight);

    public long RejectedFrames => Interlocked.Read(ref _rejectedFrames);

    public void ConnectionOpened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _accepted);
    }

    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    public void ConnectionRefused() => Interlocked.Increment(ref _refused);

    public void Received(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void Sent(long bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void RequestBegan()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _inFlight);
    }

    public void RequestEnded() => Interlocked.Decrement(ref _inFlight);

    public void FrameRejected() => Interlocked.Increment(ref _rejectedFrames);
}
