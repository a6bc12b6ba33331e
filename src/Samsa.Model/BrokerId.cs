namespace Samsa.Model;

/// <summary>The number of a node of the cluster (<c>node.id</c>).</summary>
/// <param name="Value">Zero or more; -1 where no broker is meant.</param>
public readonly record struct BrokerId(int Value) : IComparable<BrokerId>
{
    /// <summary>"No broker": -1 on the wire, for example the leader of an offline partition.</summary>
    public static BrokerId None => new(-1);

    /// <inheritdoc/>
    public int CompareTo(BrokerId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
