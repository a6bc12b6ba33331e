namespace Samsa.Model;

/// <summary>The number a broker gives to an idempotent or transactional producer (KIP-98); never given twice.</summary>
/// <param name="Value">Zero or more; -1 for a producer without one.</param>
public readonly record struct ProducerId(long Value)
{
    /// <summary>"No producer id": -1 on the wire.</summary>
    public static ProducerId None => new(-1);

    /// <summary>Whether the producer is idempotent or transactional.</summary>
    public bool IsKnown => Value >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
