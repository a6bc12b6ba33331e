using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Samsa.Network;

/// <summary>One direction of a socket, awaitable again and again without allocating. What awaits it runs inline on the completing thread.</summary>
internal sealed class SocketOperation() : SocketAsyncEventArgs(true), IValueTaskSource<int>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<int> _completion;

    /// <summary>Bytes moved; 0 where the stream has ended.</summary>
    public int Outcome => SocketError == SocketError.Success ? BytesTransferred : 0;

    /// <summary>The receive that the socket will complete later.</summary>
    public ValueTask<int> Pending() => new(this, _completion.Version);

    /// <summary>The send that the socket will complete later.</summary>
    public ValueTask<bool> PendingSend() => new(this, _completion.Version);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    int IValueTaskSource<int>.GetResult(short token)
    {
        var outcome = _completion.GetResult(token);
        _completion.Reset();
        return outcome;
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _completion.GetResult(token);
        _completion.Reset();
        return SocketError == SocketError.Success;
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => _completion.SetResult(Outcome);
}
