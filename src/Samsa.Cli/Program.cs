using Samsa.Cli;
using Samsa.Network;

// Before the first socket: a request is then served on the thread that received it.
SocketTransport.EnableInlineCompletions();

return await SamsaCommand.RunAsync(args, Console.Out, Console.Error);
