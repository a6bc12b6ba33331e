using Samsa.Cli;

return await SamsaCommand.RunAsync(args, Console.Out, Console.Error);
