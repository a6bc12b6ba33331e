using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Samsa.Load;

/// <summary>Opens --members connections, asks each for the broker's versions as every client does first, and lets them be: what an idle one costs the broker.</summary>
internal static class IdleLoad
{
    // ApiVersions 0, correlation id 1, no client id.
    private static readonly byte[] Question = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public static LoadReport Run(LoadOptions options)
    {
        if (options.BrokerPid is null)
        {
            throw new LoadException("idle measures the memory of a broker: --broker-pid says which");
        }

        IPEndPoint broker = Resolve(options.Bootstrap);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        var probe = new BrokerProbe(options.BrokerPid);
        long start = Stopwatch.GetTimestamp();
        var sockets = new List<Socket>(options.Members);
        try
        {
            // The first ones warm the broker's code and buffers up.
            Connect(broker, sockets, Math.Max(1, options.Members / 10));
            sockets.ForEach(s => s.Dispose());
            sockets.Clear();
            Thread.Sleep(Rest);
            double before = probe.Read()!.ResidentMegabytes;
            Connect(broker, sockets, options.Members);
            Thread.Sleep(Rest);
            BrokerUsage after = probe.Read()!;
            double each = (after.ResidentMegabytes - before) * 1000 / options.Members;
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{before:F1} MB without and {after.ResidentMegabytes:F1} MB with {options.Members} connections: {each:F1} KB each"));
            return new LoadReport("idle", options, options.Members, 0, 0, Stopwatch.GetElapsedTime(start))
            {
                Broker = after,
                ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
            };
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    private static void Connect(IPEndPoint broker, List<Socket> sockets, int count)
    {
        byte[] answer = new byte[64 << 10];
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
            sockets.Add(socket);
            socket.Connect(broker);
            socket.Send(Question);
            int got = 0;
            while (got < 4 || got < BinaryPrimitives.ReadInt32BigEndian(answer) + 4)
            {
                int read = socket.Receive(answer.AsSpan(got));
                got += read > 0 ? read : throw new LoadException("the broker closed a connection");
            }
        }
    }

    private static IPEndPoint Resolve(string bootstrap)
    {
        int colon = bootstrap.LastIndexOf(':');
        IPAddress[] addresses = Dns.GetHostAddresses(bootstrap[..colon]);
        return new IPEndPoint(
            Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0],
            int.Parse(bootstrap.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
