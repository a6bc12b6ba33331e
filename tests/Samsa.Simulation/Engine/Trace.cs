using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Samsa.Simulation;

/// <summary>Everything that happened, as one hash: two runs of a seed that differ in anything differ in it.</summary>
internal sealed class Trace : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4096];
    private readonly TextWriter? _verbose;
    private int _length;

    /// <summary>Begins a trace.</summary>
    /// <param name="verbose">Where each event is also written as a line; null where nobody reads.</param>
    public Trace(TextWriter? verbose) => _verbose = verbose;

    /// <summary>How many events.</summary>
    public long Count { get; private set; }

    /// <summary>An event of numbers.</summary>
    public void Add(TraceEvent kind, long a, long b, long c)
    {
        Count++;
        var room = Room(32);
        BinaryPrimitives.WriteInt64LittleEndian(room, (long)kind);
        BinaryPrimitives.WriteInt64LittleEndian(room[8..], a);
        BinaryPrimitives.WriteInt64LittleEndian(room[16..], b);
        BinaryPrimitives.WriteInt64LittleEndian(room[24..], c);
        _verbose?.WriteLine($"{Count} {kind} {a} {b} {c}");
    }

    /// <summary>An event in words.</summary>
    public void Add(long now, string text)
    {
        Add(TraceEvent.Said, now, text.Length, 0);
        Add(Encoding.UTF8.GetBytes(text));
        _verbose?.WriteLine($"{TimeSpan.FromTicks(now):c} {text}");
    }

    /// <summary>Bytes that belong to the event before.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Flush();
        _hash.AppendData(bytes);
    }

    /// <summary>The hash of all so far, in hexadecimal.</summary>
    public string Hash()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Flush();
        }

        _length += bytes;
        return _buffer.AsSpan(_length - bytes, bytes);
    }

    private void Flush()
    {
        _hash.AppendData(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}

/// <summary>Kinds of events that are numbers.</summary>
internal enum TraceEvent
{
    /// <summary>Words follow.</summary>
    Said,

    /// <summary>A process ran a piece of work: time, process, place in its queue.</summary>
    Ran,

    /// <summary>Something came due: time, number of the event.</summary>
    CameDue,

    /// <summary>Bytes arrived: connection, time, count. The bytes follow.</summary>
    Arrived,
}
