using System.Globalization;

namespace Samsa.Cluster.Tests.Faults;

/// <summary>One step of a plan.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Target">To whom.</param>
/// <param name="Lasts">How long, before it is undone.</param>
/// <param name="Settles">Whether all replicas are in sync again before the next step.</param>
internal sealed record FaultStep(FaultKind Kind, FaultTarget Target, TimeSpan Lasts, bool Settles)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind} {Target} {Lasts.TotalSeconds:0.#}{(Settles ? ";" : ",")}").ToLowerInvariant();
}
