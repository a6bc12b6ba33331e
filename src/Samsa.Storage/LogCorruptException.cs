namespace Samsa.Storage;

/// <summary>A partition's files hold damage that is no torn tail; mending it by truncation would lose good records.</summary>
public sealed class LogCorruptException : IOException
{
    /// <summary>Damage, told in words: file, position, what was expected.</summary>
    public LogCorruptException(string message)
        : base(message)
    {
    }

    /// <summary>Damage found by a failed read.</summary>
    public LogCorruptException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Damage without words.</summary>
    public LogCorruptException()
    {
    }
}
