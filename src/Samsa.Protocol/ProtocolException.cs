using System.Diagnostics.CodeAnalysis;

namespace Samsa.Protocol;

/// <summary>
/// Bytes that are no message of the protocol, or a message that its version cannot carry. Where it comes from a connection,
/// that connection is closed: nothing after the bad bytes can be trusted.
/// </summary>
/// <param name="message">What is wrong, with position or field, for the log.</param>
public sealed class ProtocolException(string message) : Exception(message)
{
    /// <summary>Throws because a message does not have that version.</summary>
    [DoesNotReturn]
    public static void ThrowUnknownVersion(string type, short version) =>
        throw new ProtocolException($"{type} has no version {version}");

    /// <summary>Throws because a value would get lost: the version has no such field.</summary>
    [DoesNotReturn]
    public static void ThrowNotInVersion(string field, short version) =>
        throw new ProtocolException($"{field} is set, but version {version} cannot carry it");

    /// <summary>Throws because a field that may not be null in the version is.</summary>
    [DoesNotReturn]
    public static void ThrowNullNotInVersion(string field, short version) =>
        throw new ProtocolException($"{field} is null, which version {version} cannot say");
}
