using System.Buffers.Binary;

namespace Samsa.Network;

/// <summary>
/// A connection to another node, as its client: requests go out in the order in which they are given, any number at a time, and answers
/// come back in that order. Once anything goes wrong, a timeout included, all that waits fails and the connection is over.
/// </summary>
public sealed class PeerConnection : IDisposable
{
    // API key and version come before the correlation id in every request header.
    private const int CorrelationIdAt = 4;
    private readonly Lock _lock = new();
    private readonly Queue<PeerRequest> _waiting = new();
    private readonly IByteChannel _channel;
    private readonly PeerConnectionOptions _options;
    private readonly CancellationTokenSource _broken = new();
    private readonly Task _reading;
    private List<ResponseFrame> _unsent = [];
    private Task _sending = Task.CompletedTask;
    private IOException? _failure;
    private int _lastCorrelationId;
    private bool _isSending;
    private bool _isReading = true;

    private PeerConnection(IByteChannel channel, PeerConnectionOptions options)
    {
        _channel = channel;
        _options = options;
        _reading = ReadAsync();
    }

    /// <summary>Whether it may still be used.</summary>
    public bool IsOpen => Volatile.Read(ref _failure) is null;

    /// <summary>Cancelled when it may no longer be used.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Completes when nothing of the connection runs any more.</summary>
    public Task Ended => Task.WhenAll(_reading, _sending);

    /// <summary>Connects.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    public static async ValueTask<PeerConnection> ConnectAsync(
        ITransport transport, System.Net.EndPoint endPoint, PeerConnectionOptions options, CancellationToken cancellationToken) =>
        new(await transport.ConnectAsync(endPoint, cancellationToken), options);

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">Header and body; taken over. Its correlation id is filled in here.</param>
    /// <param name="timeout">How long the answer may take; then the connection is given up, for all later answers would be late too.</param>
    /// <param name="cancellationToken">Ends waiting; the answer is thrown away when it comes.</param>
    /// <returns>The answer with its header; to be released by the caller.</returns>
    /// <exception cref="IOException">The connection broke or the answer did not come in time: the outcome is unknown.</exception>
    public async ValueTask<RequestFrame> SendAsync(ResponseFrame request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiting = new PeerRequest();
        Begin(request, waiting);
        using var timer = _options.Time.CreateTimer(
            static late => (((PeerConnection, PeerRequest))late!).Item1.GiveUp((((PeerConnection, PeerRequest))late).Item2), (this, waiting), timeout, Timeout.InfiniteTimeSpan);
        await using var abandoning = cancellationToken.UnsafeRegister(
            static (abandoned, token) => ((PeerRequest)abandoned!).Answer.TrySetCanceled(token), waiting);
        return await waiting.Answer.Task;
    }

    /// <summary>Closes the connection; requests that wait fail.</summary>
    public void Dispose() => Fail("it was closed here");

    private void Begin(ResponseFrame request, PeerRequest waiting)
    {
        bool isSender;
        lock (_lock)
        {
            if (_failure is { } failure)
            {
                request.Release();
                throw new IOException(failure.Message, failure);
            }

            waiting.CorrelationId = ++_lastCorrelationId;
            BinaryPrimitives.WriteInt32BigEndian(request.Body[CorrelationIdAt..], waiting.CorrelationId);
            _waiting.Enqueue(waiting);
            _unsent.Add(request);
            isSender = !_isSending;
            _isSending = true;
        }

        if (isSender)
        {
            _sending = SendAllAsync();
        }
    }

    // Whoever finds nobody sending sends for all until nothing is left: requests given meanwhile leave together.
    private async Task SendAllAsync()
    {
        var sent = new List<ResponseFrame>();
        var segments = new List<ArraySegment<byte>>();
        while (true)
        {
            lock (_lock)
            {
                (sent, _unsent) = (_unsent, sent);
                if (sent.Count == 0 || _failure is not null)
                {
                    _isSending = false;
                    break;
                }
            }

            segments.AddRange(sent.Select(f => f.Slice(0, f.Length)));
            var isGone = !await _channel.SendAsync(segments);
            segments.Clear();
            Release(sent);
            if (isGone)
            {
                Fail("the peer closed it");
            }
        }

        Release(sent);
        DisposeChannelWhenUnused();
    }

    private async Task ReadAsync()
    {
        // Answers are bounded one by one, not together: their number is that of the requests.
        var unlimited = new RequestMemoryBudget(-1);
        var waiter = new BudgetWaiter(static () => { });
        using (var frames = new FrameReader(_options.Pool, unlimited))
        {
            while (TakeAll(frames))
            {
                unlimited.TryReserve(frames.Plan(), waiter);
                var received = await _channel.ReceiveAsync(frames.Target());
                if (received == 0)
                {
                    Fail("the peer closed it");
                    break;
                }

                frames.Received(received);
            }
        }

        lock (_lock)
        {
            _isReading = false;
        }

        DisposeChannelWhenUnused();
    }

    /// <summary>Hands out the answers received; false where the connection is over.</summary>
    private bool TakeAll(FrameReader frames)
    {
        while (IsOpen)
        {
            switch (frames.TryRead(_options.MaxAnswerBytes, out var answer, out var claimed))
            {
                case FrameStatus.Incomplete:
                    return true;
                case FrameStatus.BadSize:
                    Fail($"an answer of {claimed} bytes came, and at most {_options.MaxAnswerBytes} are taken");
                    return false;
                default:
                    Deliver(answer!);
                    break;
            }
        }

        return false;
    }

    private void Deliver(RequestFrame answer)
    {
        PeerRequest? request;
        lock (_lock)
        {
            _waiting.TryDequeue(out request);
        }

        var isAnswer = BinaryPrimitives.TryReadInt32BigEndian(answer.Memory.Span, out var id) && id == request?.CorrelationId;
        if (!isAnswer)
        {
            request?.Answer.TrySetException(new IOException("Another answer came than the one waited for"));
            Fail("an answer came that nobody waits for");
        }

        if (!isAnswer || !request!.Answer.TrySetResult(answer))
        {
            answer.Release();
        }
    }

    private void GiveUp(PeerRequest request)
    {
        if (!request.Answer.Task.IsCompleted)
        {
            Fail("no answer came in time");
        }
    }

    private void Fail(string why)
    {
        PeerRequest[] failed;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            Volatile.Write(ref _failure, new IOException($"The connection to {_channel.RemoteEndPoint} is over: {why}"));
            failed = [.. _waiting];
            _waiting.Clear();
            if (!_isSending)
            {
                Release(_unsent);
            }
        }

        _channel.Abort();
        foreach (var request in failed)
        {
            request.Answer.TrySetException(new IOException(_failure.Message, _failure));
        }

        _broken.Cancel();
    }

    private void DisposeChannelWhenUnused()
    {
        lock (_lock)
        {
            if (_failure is null || _isReading || _isSending)
            {
                return;
            }
        }

        _channel.Dispose();
    }

    private static void Release(List<ResponseFrame> frames)
    {
        frames.ForEach(static f => f.Release());
        frames.Clear();
    }

    private sealed class PeerRequest
    {
        public int CorrelationId { get; set; }

        public TaskCompletionSource<RequestFrame> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What connections to other nodes stand on.</summary>
public sealed record PeerConnectionOptions
{
    /// <summary>Buffers of answers.</summary>
    public BufferPool Pool { get; init; } = BufferPool.Shared;

    /// <summary>The clock of timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The largest answer taken; a larger claim ends the connection before memory is taken for it.</summary>
    public int MaxAnswerBytes { get; init; } = 104857600;
}
