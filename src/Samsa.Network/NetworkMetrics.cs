namespace Samsa.Network;

/// <summary>What the listeners count, per listener.</summary>
public sealed class NetworkMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Samsa.Network";
}
