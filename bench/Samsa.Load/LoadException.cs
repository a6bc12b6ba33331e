namespace Samsa.Load;

/// <summary>A run that cannot go on; the message is all the user needs to see.</summary>
internal sealed class LoadException(string message) : Exception(message);
