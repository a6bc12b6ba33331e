using System.Globalization;
using Samsa.Simulation;

var (seed, minutes, brokers, verbose) = (Random.Shared.Next(), 1.0, 0, false);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed):
        case "--brokers" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out brokers):
        case "--minutes" when i + 1 < args.Length && double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out minutes):
            i++;
            break;
        case "--verbose":
            verbose = true;
            break;
        default:
            Console.Error.WriteLine("usage: Samsa.Simulation [--seed N] [--minutes M] [--brokers B] [--verbose]");
            return 2;
    }
}

var options = ScenarioOptions.Of(seed, TimeSpan.FromMinutes(minutes));
var result = Scenario.Run(brokers > 0 ? options with { Brokers = brokers } : options, verbose ? Console.Out : null);
Console.WriteLine(result);
Console.WriteLine($"trace {result.TraceHash}");
if (result.Failure is { } failure)
{
    Console.WriteLine($"BROKEN: {failure.Message}");
    Console.WriteLine($"again: ./test --simulate --seed {seed} --minutes {minutes.ToString(CultureInfo.InvariantCulture)}");
    return 1;
}

Console.WriteLine("every rule held");
return 0;
