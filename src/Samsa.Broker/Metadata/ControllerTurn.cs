using System.Runtime.InteropServices;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>What one decision of the active controller is made on.</summary>
/// <param name="Image">The cluster, everything decided before included.</param>
/// <param name="Next">Where the first record of the decision will stand.</param>
/// <param name="Active">What only the active controller knows.</param>
/// <param name="NowMs">The time, ms from some moment on; it never jumps.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ControllerTurn(MetadataImage Image, Offset Next, ActiveController Active, long NowMs)
{
    /// <summary>What decisions depend on besides the cluster's state.</summary>
    public ControllerRules Rules => Active.Rules;

    /// <summary>Who was heard of when.</summary>
    public BrokerSessions Sessions => Active.Sessions;
}
