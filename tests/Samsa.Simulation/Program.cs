using System.Globalization;
using Samsa.Simulation;

var (seed, seeds, minutes, brokers, newProtocol, verbose) = (Random.Shared.Next(), 1, 1.0, 0, false, false);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed):
        case "--seeds" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seeds):
        case "--brokers" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out brokers):
        case "--minutes" when i + 1 < args.Length && double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out minutes):
            i++;
            break;
        case "--new-protocol":
            newProtocol = true;
            break;
        case "--verbose":
            verbose = true;
            break;
        default:
            Console.Error.WriteLine("usage: Samsa.Simulation [--seed N] [--seeds COUNT] [--minutes M] [--brokers B] [--new-protocol] [--verbose]");
            return 2;
    }
}

var broken = 0;
for (var i = 0; i < seeds; i++)
{
    var number = seed + i;
    var options = ScenarioOptions.Of(number, TimeSpan.FromMinutes(minutes));
    options = options with { Brokers = brokers > 0 ? brokers : options.Brokers, NewProtocol = newProtocol };
    var result = Scenario.Run(options, verbose ? Console.Out : null);
    Console.WriteLine(result);
    Console.WriteLine($"trace {result.TraceHash}");
    if (result.Failure is { } failure)
    {
        broken++;
        Console.WriteLine($"BROKEN: {failure.Message}");
        Console.WriteLine($"again: ./test --simulate --seed {number} --minutes {minutes.ToString(CultureInfo.InvariantCulture)} --brokers {options.Brokers}{(newProtocol ? " --new-protocol" : "")}");
    }
}

Console.WriteLine(broken == 0 ? "every rule held" : $"{broken} of {seeds} seeds broke a rule");
return broken == 0 ? 0 : 1;
