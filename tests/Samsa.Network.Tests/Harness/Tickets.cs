using System.Threading.Channels;

namespace Samsa.Network.Tests;

/// <summary>Requests that the test answers itself, in whatever order.</summary>
internal sealed class Tickets(BufferPool? pool = null)
{
    private readonly Channel<Pending> _begun = Channel.CreateUnbounded<Pending>();
    private int _count;

    /// <summary>Requests begun so far.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool NextMayStart { get; init; } = true;

    public RequestTicket Begin(RequestFrame frame)
    {
        Interlocked.Increment(ref _count);
        var pending = new Pending(frame.Memory.ToArray(), pool);
        _begun.Writer.TryWrite(pending);
        return new RequestTicket(new ValueTask<ResponseFrame?>(pending.Response), NextMayStart, TimeSpan.Zero);
    }

    public async Task<Pending> NextAsync() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(TestServer.Deadline);

    internal sealed class Pending(byte[] request, BufferPool? pool)
    {
        // Without RunContinuationsAsynchronously: as a flusher would, it completes on the caller's thread.
        private readonly TaskCompletionSource<ResponseFrame?> _response = new();

        public byte[] Request => request;

        public Task<ResponseFrame?> Response => _response.Task;

        public void Answer() => _response.SetResult(TestServer.ResponseTo(request, pool));

        public void Answer(ResponseFrame response) => _response.SetResult(response);

        public void AnswerNothing() => _response.SetResult(null);

        public void Fail(Exception failure) => _response.SetException(failure);
    }
}
