using Microsoft.Win32.SafeHandles;
using Samsa.Network;
using Samsa.Records;

namespace Samsa.Network.Load;

/// <summary>Answers small requests with themselves and large ones with four bytes; where it has a file, large ones are checked and written to it.</summary>
internal sealed class LoadServer(SafeFileHandle? file) : IConnectionHandler, IRequestSession
{
    private const long FileBytes = 256 << 20;
    private long _written;
    private long _requests;

    public static async Task RunAsync(string? path)
    {
        using var file = path is null ? null : File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        await using var listeners = Listeners.Bind([new ListenerEndpoint("PLAINTEXT", "127.0.0.1", 0)], new NetworkOptions(), new NetworkServices());
        var server = new LoadServer(file);
        listeners.Start(server);
        Console.WriteLine(listeners.Bound[0].EndPoint);
        await Console.In.ReadLineAsync();
        await listeners.StopAsync(TimeSpan.FromSeconds(2));
        Console.WriteLine($"{GC.GetTotalAllocatedBytes() / Math.Max(1, server._requests)} bytes allocated per request, {BufferPool.Shared.Outstanding} buffers missing");
    }

    public IRequestSession Open(ConnectionInfo info) => this;

    public RequestTicket Begin(RequestFrame frame)
    {
        _requests++;
        var bytes = frame.Memory.Span;
        if (bytes.Length <= 4096)
        {
            var echo = ResponseFrame.Rent(bytes.Length);
            bytes.CopyTo(echo.Body);
            return new RequestTicket(echo);
        }

        var answer = ResponseFrame.Rent(4);
        answer.Body.Clear();
        if (file is not null)
        {
            BitConverter.TryWriteBytes(answer.Body, Crc32C.Compute(bytes));
            var at = Interlocked.Add(ref _written, bytes.Length) % FileBytes;
            RandomAccess.Write(file, bytes, at);
        }

        return new RequestTicket(answer);
    }

    public void Dispose()
    {
    }
}
