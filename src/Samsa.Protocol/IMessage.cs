namespace Samsa.Protocol;

/// <summary>Something with a layout per version: request, response, header or record.</summary>
public interface IMessage
{
    /// <summary>How many bytes <see cref="Write"/> will write in that version.</summary>
    /// <exception cref="ProtocolException">There is no such version.</exception>
    int ComputeSize(short version);

    /// <summary>Writes the message in that version.</summary>
    /// <exception cref="ProtocolException">
    /// There is no such version, or it cannot carry a field that is set and not ignorable, or a null, or a string that long.
    /// </exception>
    void Write(ref ProtocolWriter writer, short version);

    /// <summary>
    /// Fills this message, which must be fresh, from that version. Bytes and records stay slices of the frame that is read, and
    /// nothing else does; who keeps them longer than the frame copies them. Bytes after the message are left alone.
    /// </summary>
    /// <exception cref="ProtocolException">There is no such version, or the bytes are malformed.</exception>
    void Read(ref ProtocolReader reader, short version);
}

/// <summary>The body of a request.</summary>
public interface IRequest : IMessage
{
    /// <summary>The API that is asked.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>The body of a response.</summary>
public interface IResponse : IMessage
{
    /// <summary>The API that answers.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>The body of a response that can tell the client how long it is throttled (KIP-219).</summary>
public interface IThrottledResponse : IResponse
{
    /// <summary>For how many ms the client should be quiet; 0 for not at all. Left out of versions that lack it.</summary>
    int ThrottleTimeMs { get; set; }
}
