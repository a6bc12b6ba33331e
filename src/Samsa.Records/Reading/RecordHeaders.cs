using System.Text;

namespace Samsa.Records;

/// <summary>The headers of one record. Use with <c>foreach</c>.</summary>
public readonly ref struct RecordHeaders
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal RecordHeaders(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Walks them in order.</summary>
    public Enumerator GetEnumerator() => new(_bytes, Count);

    /// <summary>Walks headers whose shape was checked when their record was parsed.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _left;
        private int _position;

        internal Enumerator(ReadOnlySpan<byte> bytes, int count)
        {
            _bytes = bytes;
            _left = count;
        }

        /// <summary>The header at hand.</summary>
        public RecordHeaderView Current { get; private set; }

        /// <summary>Steps to the next; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            RecordLayout.TryReadField(_bytes, ref _position, out var key, out var keyLength);
            RecordLayout.TryReadField(_bytes, ref _position, out var value, out var valueLength);
            Current = new RecordHeaderView(
                _bytes.Slice(key, keyLength), _bytes.Slice(value, Math.Max(valueLength, 0)), valueLength >= 0);
            return true;
        }
    }
}

/// <summary>One header as it lies in its record.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        Key = key;
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>The key, in UTF-8; never null.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether there is a value; an empty one counts.</summary>
    public bool HasValue { get; }

    /// <summary>The key as text.</summary>
    public string KeyText => Encoding.UTF8.GetString(Key);
}
