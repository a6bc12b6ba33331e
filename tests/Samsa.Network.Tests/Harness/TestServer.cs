using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Samsa.Network.Tests;

/// <summary>Listeners with a scripted handler, a pool of their own whose every buffer must come back, and their log.</summary>
internal sealed class TestServer : IAsyncDisposable, IConnectionHandler
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly Func<RequestFrame, RequestTicket> _begin;
    private readonly ITransport _transport;
    private readonly List<TestClient> _clients = [];
    private int _sessions;

    public TestServer(Func<RequestFrame, RequestTicket> begin, NetworkOptions? options = null, ITransport? transport = null, TimeProvider? time = null, IReadOnlyList<ListenerEndpoint>? endpoints = null, Meter? meter = null)
    {
        _begin = begin;
        _transport = transport ?? new InMemoryTransport();
        var services = new NetworkServices { Transport = _transport, Pool = Pool, Time = time ?? TimeProvider.System, Loggers = Log, Meter = meter };
        Listeners = Listeners.Bind(endpoints ?? [new ListenerEndpoint("PLAINTEXT", "127.0.0.1", 0)], options ?? new NetworkOptions(), services);
        Listeners.Start(this);
    }

    public BufferPool Pool { get; } = new(16 << 20);

    public Listeners Listeners { get; }

    public TestLog Log { get; } = new();

    public TaskCompletionSource SessionEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int OpenSessions => Volatile.Read(ref _sessions);

    public static RequestTicket Echo(RequestFrame frame) => new(ResponseTo(frame.Memory.Span));

    public static ResponseFrame ResponseTo(ReadOnlySpan<byte> request, BufferPool? pool = null)
    {
        var response = ResponseFrame.Rent(request.Length, pool ?? BufferPool.Shared);
        request.CopyTo(response.Body);
        return response;
    }

    public async Task<TestClient> ConnectAsync()
    {
        var client = new TestClient(await _transport.ConnectAsync(Listeners.Bound[0].EndPoint, TestContext.Current.CancellationToken));
        _clients.Add(client);
        return client;
    }

    public IRequestSession Open(ConnectionInfo info)
    {
        Interlocked.Increment(ref _sessions);
        return new Session(this);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await Listeners.DisposeAsync();
        Assert.Equal(0, Listeners.ConnectionCount);
        Assert.Equal(0, OpenSessions);
        Assert.Equal(0, Pool.Outstanding);
    }

    private sealed class Session(TestServer server) : IRequestSession
    {
        private int _inside;

        public RequestTicket Begin(RequestFrame frame)
        {
            Assert.Equal(1, Interlocked.Increment(ref _inside));
            try
            {
                return server._begin(frame);
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
            }
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref server._sessions);
            server.SessionEnded.TrySetResult();
        }
    }
}

/// <summary>Keeps every line for the test to read.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];
    private readonly Channel<string> _stream = Channel.CreateUnbounded<string>();

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines.Where(l => l.Level >= LogLevel.Warning).Select(l => l.Text)];
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines.Select(l => l.Text)];
            }
        }
    }

    /// <summary>Waits for a line that contains the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        await foreach (var line in _stream.Reader.ReadAllAsync(new CancellationTokenSource(TestServer.Deadline).Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The log has ended.");
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, formatter(state, exception)));
        }

        _stream.Writer.TryWrite(formatter(state, exception));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
