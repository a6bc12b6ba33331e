namespace Samsa.Storage;

/// <summary>A log directory must not be used by this broker: in use by another, another's, or its owner cannot be told.</summary>
public sealed class LogDirectoryException : IOException
{
    /// <summary>The reason, naming the directory and what to do about it.</summary>
    public LogDirectoryException(string message)
        : base(message)
    {
    }

    /// <summary>The reason, with its cause.</summary>
    public LogDirectoryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A refusal without words.</summary>
    public LogDirectoryException()
    {
    }
}
