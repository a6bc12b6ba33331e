using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>Ids out of the seed.</summary>
internal sealed class SeededRandom(Random random) : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => random.NextBytes(bytes);
}
