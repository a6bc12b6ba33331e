namespace Samsa.Simulation;

/// <summary>Something happened that must not.</summary>
/// <param name="check">Which of the rules was broken, in a word or two.</param>
/// <param name="what">What happened.</param>
/// <param name="cause">What was thrown, if anything.</param>
internal sealed class SimulationFailure(string check, string what, Exception? cause = null) : Exception($"{check}: {what}", cause)
{
    /// <summary>Which of the rules was broken.</summary>
    public string Check => check;
}
