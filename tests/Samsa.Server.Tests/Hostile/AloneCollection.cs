namespace Samsa.Server.Tests.Hostile;

/// <summary>Tests that need the machine for themselves: they measure, or wear the broker out.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
