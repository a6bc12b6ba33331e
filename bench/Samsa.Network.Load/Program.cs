using System.Diagnostics;
using System.Globalization;
using System.Net;
using Samsa.Network;
using Samsa.Network.Load;

// What the network costs by itself, on loopback, in CPU of the serving process:
//   Samsa.Network.Load receive [frame bytes] [connections] [MB] [file to write to]
//   Samsa.Network.Load rpc [request bytes] [connections] [seconds]
//   Samsa.Network.Load idle [connections]
// The server is a child process, so that its CPU and memory are its own. Prints the median of five rounds.
SocketTransport.EnableInlineCompletions();
var what = args.Length > 0 ? args[0] : "rpc";
if (what == "server")
{
    await LoadServer.RunAsync(args.Length > 1 ? args[1] : null);
    return;
}

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, what == "receive" && args.Length > 4 ? ["server", args[4]] : ["server"])
{
    UseShellExecute = false,
    RedirectStandardInput = true,
    RedirectStandardOutput = true,
})!;
var endPoint = IPEndPoint.Parse((await server.StandardOutput.ReadLineAsync())!);
var rounds = new List<(string Text, double Figure)>();
switch (what)
{
    case "receive":
        var frameBytes = Argument(1, 1 << 20);
        var total = Argument(3, 2048) * 1_000_000L;
        for (var i = 0; i < 6; i++)
        {
            rounds.Add(await LoadClient.MeasureReceiveAsync(server, endPoint, frameBytes, Argument(2, 1), total));
        }

        break;
    case "idle":
        rounds.Add(await LoadClient.MeasureIdleAsync(server, endPoint, Argument(1, 500)));
        rounds.Add(rounds[0]);
        break;
    default:
        for (var i = 0; i < 6; i++)
        {
            rounds.Add(await LoadClient.MeasureCallsAsync(server, endPoint, Argument(1, 100), Argument(2, 1), TimeSpan.FromSeconds(Argument(3, 2))));
        }

        break;
}

// The first round warms up the compiler.
foreach (var (text, _) in rounds.Skip(1))
{
    Console.WriteLine(text);
}

Console.WriteLine($"median: {rounds.Skip(1).OrderBy(r => r.Figure).ElementAt((rounds.Count - 1) / 2).Text}");
server.StandardInput.Close();
Console.WriteLine(await server.StandardOutput.ReadLineAsync());
await server.WaitForExitAsync();
