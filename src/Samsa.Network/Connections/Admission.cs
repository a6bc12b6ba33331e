namespace Samsa.Network;

/// <summary>Whether a connection may read or begin a request.</summary>
internal enum Admission
{
    /// <summary>It may.</summary>
    Open,

    /// <summary>Later: <see cref="RequestPipeline.Changed"/> says when to ask again.</summary>
    Wait,

    /// <summary>Never again.</summary>
    Ended,
}
