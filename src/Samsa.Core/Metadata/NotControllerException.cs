namespace Samsa.Core.Metadata;

/// <summary>
/// This node may not decide about the metadata: it is no controller, or not the active one any more. What was asked for may have become
/// true all the same, where the node lost its place while the change was on its way; another try, elsewhere, finds out.
/// </summary>
/// <remarks>No <see cref="IOException"/>, which a handler answers: the pipeline sends the request on, or refuses it.</remarks>
public sealed class NotControllerException : Exception
{
    /// <summary>The node is not the active controller.</summary>
    public NotControllerException()
        : base("This node is not the active controller")
    {
    }

    /// <summary>The node is not the active controller, for a reason.</summary>
    public NotControllerException(string message)
        : base(message)
    {
    }

    /// <summary>The node is not the active controller, because of another failure.</summary>
    public NotControllerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
