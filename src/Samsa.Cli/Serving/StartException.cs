using System.Net.Sockets;
using Samsa.Broker.Configuration;
using Samsa.Broker.Http;
using Samsa.Storage;

namespace Samsa.Cli.Serving;

/// <summary>The broker cannot start, and the message says what to change.</summary>
internal sealed class StartException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>The process ends with this.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Translates what a person can put right; null for everything else, which is a bug and keeps its stack trace.</summary>
    /// <param name="failure">What the start threw.</param>
    /// <param name="config">The settings, null where they are what is wrong.</param>
    public static StartException? From(Exception failure, BrokerConfig? config) => failure switch
    {
        ConfigException wrong => new(wrong.Message, Cli.ExitCode.Usage),
        NotSupportedException unsupported => new(unsupported.Message, Cli.ExitCode.Usage),
        SocketException socket when config is not null => new(Describe(socket, config)),
        AdminListenerException admin => new(admin.Message),
        LogDirectoryException directory => new($"{directory.Message} (--data or log.dirs names another directory)"),
        UnauthorizedAccessException denied => new($"{denied.Message} Samsa needs to read and write its data directory (--data, log.dirs)."),
        IOException disk => new($"{disk.Message} (data directory: --data, log.dirs)"),
        _ => null,
    };

    private static string Describe(SocketException socket, BrokerConfig config)
    {
        var listeners = string.Join(", ", config.Listeners);
        var reason = socket.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "another process, perhaps another Samsa, has this port",
            SocketError.AddressNotAvailable => "this machine does not have that address",
            SocketError.AccessDenied => "ports below 1024 need more rights",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "no such host name",
            _ => socket.Message,
        };
        return $"cannot listen on {listeners}: {reason}; --listeners (listeners) takes others, such as PLAINTEXT://localhost:9192";
    }
}
