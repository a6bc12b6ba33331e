namespace Samsa.Fuzz;

/// <summary>A parser under fire.</summary>
internal interface ITarget
{
    string Name { get; }

    /// <summary>Good inputs to begin with.</summary>
    IReadOnlyList<byte[]> Seeds(Corpus corpus);

    /// <summary>Parses the input; false where the parser refused it in the way it should. Throws where it did anything else.</summary>
    bool Accepts(byte[] input);

    /// <summary>What the parser may allocate for an input of that length.</summary>
    long AllowedBytes(int inputLength);
}
