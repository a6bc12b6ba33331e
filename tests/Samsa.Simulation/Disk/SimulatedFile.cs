namespace Samsa.Simulation;

/// <summary>The bytes of a file, and those of them that a power cut leaves.</summary>
internal sealed class SimulatedFile
{
    private byte[] _bytes = [];
    private byte[] _durable = [];

    public int Length { get; private set; }

    /// <summary>When it was last written, milliseconds since the epoch.</summary>
    public long LastWriteMs { get; set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>What the last sync brought to the disk.</summary>
    public byte[] Synced => _durable;

    public void Write(ReadOnlySpan<byte> bytes, int position)
    {
        if (position + bytes.Length > Length)
        {
            Resize(position + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(position));
    }

    public void Resize(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }

        if (length < Length)
        {
            _bytes.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }

    public void Sync() => _durable = Bytes.ToArray();

    /// <summary>Of bytes appended since the sync a part is there, with holes; a file changed otherwise is as before or as after.</summary>
    public byte[] AfterPowerCut(Random random, int sector)
    {
        if (!Bytes.StartsWith(_durable))
        {
            return random.Next(2) == 0 ? _durable : Bytes.ToArray();
        }

        var kept = Bytes[..random.Next(_durable.Length, Length + 1)].ToArray();
        if (random.Next(3) == 0)
        {
            for (var start = _durable.Length; start < kept.Length;)
            {
                var end = Math.Min(kept.Length, ((start / sector) + 1) * sector);
                if (random.Next(3) == 0)
                {
                    kept.AsSpan(start, end - start).Clear();
                }

                start = end;
            }
        }

        return kept;
    }
}
