using System.Diagnostics;
using System.Globalization;
using System.Net;
using Samsa.Fuzz;
using Samsa.Fuzz.Live;

// Samsa.Fuzz [--seconds N] [--seed S] [--target NAME]
// Mutates frames of real clients and brokers and feeds them to every parser. Ends with 1 and the input at the first one that
// does anything but parse or refuse.
// Samsa.Fuzz --live ADDRESS:PORT [--seconds N] [--seed S]
// Sends such frames to a running broker, which must go on serving.
var seconds = Number("--seconds", 10);
var seed = Number("--seed", Environment.TickCount & int.MaxValue);
var corpus = Corpus.Load();
if (Text("--live") is { } broker)
{
    return await LiveRun.RunAsync(IPEndPoint.Parse(broker), seconds, seed, corpus);
}

ITarget[] targets = [new RequestTarget(), new ResponseTarget(), new MetadataRecordTarget(), new RecordBatchTarget()];
if (Text("--target") is { } wanted)
{
    targets = [.. targets.Where(t => t.Name == wanted)];
}

Console.WriteLine($"seed {seed}, {seconds} s, {corpus.Count} inputs: {string.Join(", ", targets.Select(t => t.Name))}");
var failures = targets.Sum(target => Run(target));
return failures == 0 ? 0 : 1;

int Run(ITarget target)
{
    var random = new Random(seed);
    var mutator = new Mutator(random);
    var seeds = target.Seeds(corpus);
    var watch = Stopwatch.StartNew();
    long runs = 0, accepted = 0;
    var limit = TimeSpan.FromSeconds((double)seconds / targets.Length);
    while (watch.Elapsed < limit)
    {
        var input = mutator.Mutate(seeds);
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            accepted += target.Accepts(input) ? 1 : 0;
            runs++;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > target.AllowedBytes(input.Length))
            {
                throw new InvalidOperationException($"{allocated} bytes allocated");
            }
        }
        // Whatever is thrown is what is looked for.
        catch (Exception e)
        {
            Console.WriteLine($"{target.Name} failed after {runs} runs (seed {seed}) on {input.Length} bytes: {Convert.ToHexString(input)}\n{e}");
            return 1;
        }
    }

    Console.WriteLine($"{target.Name}: {runs} runs, {accepted} accepted");
    return 0;
}

string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

int Number(string name, int fallback) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
