using System.Diagnostics;

namespace Samsa.Load;

/// <summary>One line per second on stderr while a run goes on.</summary>
internal sealed class Progress : IDisposable
{
    private readonly string _what;
    private readonly long _target;
    private readonly int _size;
    private readonly Func<long> _count;
    private readonly Timer _timer;
    private long _lastCount;
    private long _lastTime = Stopwatch.GetTimestamp();

    public Progress(string what, long target, int size, Func<long> count)
    {
        _what = what;
        _target = target;
        _size = size;
        _count = count;
        _timer = new Timer(_ => Show(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\r\e[K");
        }
    }

    private void Show()
    {
        long count = _count();
        long now = Stopwatch.GetTimestamp();
        double rate = (count - _lastCount) / Stopwatch.GetElapsedTime(_lastTime, now).TotalSeconds;
        _lastCount = count;
        _lastTime = now;
        string line = $"{_what}: {count:N0} of {_target:N0} ({100.0 * count / _target:F0} %), {rate:N0} records/s, {rate * _size / 1e6:N1} MB/s";
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(line);
        }
        else
        {
            Console.Error.Write($"\r\e[K{line}");
        }
    }
}
