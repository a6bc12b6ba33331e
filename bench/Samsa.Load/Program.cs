using Samsa.Load;

return LoadCommands.Build().Parse(args).Invoke();
