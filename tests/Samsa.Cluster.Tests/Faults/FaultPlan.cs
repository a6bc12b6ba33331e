using System.Globalization;

namespace Samsa.Cluster.Tests.Faults;

/// <summary>
/// Faults as data: `kill leader 3; cut controller 12, pause any 6;`. A step is a kind, a target and seconds; after a semicolon the cluster
/// is let recover, after a comma the next step begins at once.
/// </summary>
internal sealed record FaultPlan(int Seed, IReadOnlyList<FaultStep> Steps)
{
    private static readonly (FaultKind Kind, double Least, double Most)[] Choices =
    [
        (FaultKind.Kill, 0, 8), (FaultKind.Kill, 0, 8), (FaultKind.Pause, 0.5, 14), (FaultKind.Pause, 0.5, 14), (FaultKind.Restart, 0, 2),
        (FaultKind.Unplug, 1, 14), (FaultKind.Cut, 1, 14), (FaultKind.Cut, 1, 14), (FaultKind.Mute, 2, 14), (FaultKind.Slow, 3, 12), (FaultKind.Fill, 2, 8),
    ];

    private static readonly FaultTarget[] Targets =
    [
        FaultTarget.Leader, FaultTarget.Leader, FaultTarget.Leader, FaultTarget.Follower, FaultTarget.Follower, FaultTarget.Controller, FaultTarget.Controller,
        FaultTarget.Any, FaultTarget.Minority, FaultTarget.All,
    ];

    /// <summary>Reads a plan as <see cref="ToString"/> writes it.</summary>
    /// <param name="text">Its steps.</param>
    /// <param name="seed">For what is left to chance within steps.</param>
    /// <exception cref="FormatException">A word is unknown.</exception>
    public static FaultPlan Parse(string text, int seed)
    {
        var steps = new List<FaultStep>();
        foreach (string part in text.Replace(";", ";\n", StringComparison.Ordinal).Replace(",", ",\n", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.TrimEnd(';', ',').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3 || !Enum.TryParse(words[0], ignoreCase: true, out FaultKind kind) || !Enum.TryParse(words[1], ignoreCase: true, out FaultTarget target)
                || !double.TryParse(words[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
            {
                throw new FormatException($"'{part}' is not a step such as 'kill leader 3;'");
            }

            steps.Add(new(kind, target, TimeSpan.FromSeconds(seconds), !part.EndsWith(',')));
        }

        return new(seed, steps);
    }

    /// <summary>A plan by lot; the same seed gives the same plan.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="lasts">About how long it takes to carry out.</param>
    /// <param name="can">Kinds that this machine can do.</param>
    public static FaultPlan Random(int seed, TimeSpan lasts, Func<FaultKind, bool> can)
    {
        var random = new Random(seed);
        var choices = Choices.Where(c => can(c.Kind)).ToArray();
        var steps = new List<FaultStep>();
        TimeSpan planned = TimeSpan.Zero;
        while (planned < lasts)
        {
            var (kind, least, most) = choices[random.Next(choices.Length)];
            FaultTarget target = kind == FaultKind.Restart && random.Next(2) == 0 ? FaultTarget.Each : Targets[random.Next(Targets.Length)];
            var time = TimeSpan.FromSeconds(Math.Round(least + random.NextDouble() * (most - least), 1));
            var step = new FaultStep(kind, target, time, random.Next(3) > 0);
            steps.Add(step);
            planned += time + Recovery(step);
        }

        return new(seed, steps);
    }

    public override string ToString() => string.Join(' ', Steps);

    /// <summary>What it takes until the next step, roughly.</summary>
    private static TimeSpan Recovery(FaultStep step) => TimeSpan.FromSeconds((step.Settles ? 5 : 1) * (step.Target == FaultTarget.Each ? 3 : 1));
}
