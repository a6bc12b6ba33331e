using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Samsa.Network.Load;

/// <summary>Drives the server and reads its CPU time.</summary>
internal static class LoadClient
{
    private const int Window = 4;

    public static async Task<(string Text, double Figure)> MeasureReceiveAsync(Process server, IPEndPoint endPoint, int frameBytes, int connections, long totalBytes)
    {
        var each = (int)(totalBytes / frameBytes / connections);
        var meter = new CpuMeter(server);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ProduceAsync(endPoint, frameBytes, each))));
        var (cpu, wall) = meter.Read();
        var gigabytes = (double)each * connections * frameBytes / 1e9;
        return ($"{cpu / gigabytes:F3} server CPU s/GB, {gigabytes / wall:F2} GB/s", cpu / gigabytes);
    }

    public static async Task<(string Text, double Figure)> MeasureCallsAsync(Process server, IPEndPoint endPoint, int bytes, int connections, TimeSpan time)
    {
        var meter = new CpuMeter(server);
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => CallAsync(endPoint, bytes, time))));
        var (cpu, wall) = meter.Read();
        var calls = counts.Sum();
        return ($"{cpu / calls * 1e6:F2} us server CPU per call, {calls / wall / 1000:F1}k calls/s", cpu / calls);
    }

    public static async Task<(string Text, double Figure)> MeasureIdleAsync(Process server, IPEndPoint endPoint, int connections)
    {
        await CallAsync(endPoint, 100, TimeSpan.FromSeconds(1));
        server.Refresh();
        var before = server.WorkingSet64;
        var sockets = new List<Socket>();
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(endPoint);
            await CallOnceAsync(socket, Frame(100), new byte[104]);
        }

        server.Refresh();
        var each = (server.WorkingSet64 - before) / (double)connections / 1024;
        sockets.ForEach(s => s.Dispose());
        return ($"{each:F1} KB of resident memory per idle connection, {before >> 20} MB before", each);
    }

    private static byte[] Frame(int bytes)
    {
        var frame = new byte[bytes + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes);
        return frame;
    }

    private static async Task ProduceAsync(IPEndPoint endPoint, int frameBytes, int frames)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        var frame = Frame(frameBytes);
        var answers = new byte[8 * Window];
        var answered = 0;
        var sent = 0;
        while (answered / 8 < frames)
        {
            while (sent < frames && sent - (answered / 8) < Window)
            {
                await socket.SendAsync(frame);
                sent++;
            }

            answered += await socket.ReceiveAsync(answers);
        }
    }

    private static async Task<int> CallAsync(IPEndPoint endPoint, int bytes, TimeSpan time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        var frame = Frame(bytes);
        var answer = new byte[bytes + 4];
        var start = Stopwatch.GetTimestamp();
        var calls = 0;
        for (; Stopwatch.GetElapsedTime(start) < time; calls++)
        {
            await CallOnceAsync(socket, frame, answer);
        }

        return calls;
    }

    private static async Task CallOnceAsync(Socket socket, byte[] frame, byte[] answer)
    {
        await socket.SendAsync(frame);
        for (var have = 0; have < answer.Length;)
        {
            have += await socket.ReceiveAsync(answer.AsMemory(have));
        }
    }

    private sealed class CpuMeter
    {
        private readonly Process _process;
        private readonly TimeSpan _cpu;
        private readonly long _start = Stopwatch.GetTimestamp();

        public CpuMeter(Process process)
        {
            _process = process;
            process.Refresh();
            _cpu = process.TotalProcessorTime;
        }

        public (double Cpu, double Wall) Read()
        {
            _process.Refresh();
            return ((_process.TotalProcessorTime - _cpu).TotalSeconds, Stopwatch.GetElapsedTime(_start).TotalSeconds);
        }
    }
}
