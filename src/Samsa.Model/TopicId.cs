using System.Buffers.Text;

namespace Samsa.Model;

/// <summary>The identity of a topic (KIP-516): a topic deleted and made again under its name has another id.</summary>
/// <param name="Value">The uuid, in the byte order of the wire.</param>
public readonly record struct TopicId(Guid Value) : IComparable<TopicId>
{
    /// <summary>"No topic id": all zero on the wire.</summary>
    public static TopicId None => default;

    /// <summary>The id of <c>__cluster_metadata</c>, the same in every cluster.</summary>
    public static TopicId ClusterMetadata { get; } = new(new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));

    /// <summary>Whether this is a topic's id.</summary>
    public bool IsKnown => Value != Guid.Empty;

    /// <summary>A fresh id. One whose text begins with '-' is passed over, as Kafka does: it reads like an option on a command line.</summary>
    public static TopicId Create() => Create(SystemRandom.Instance);

    /// <inheritdoc cref="Create()"/>
    public static TopicId Create(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            random.Fill(bytes);
            var id = FromBytes(bytes);
            if (id.ToString()[0] != '-' && id != ClusterMetadata && id.IsKnown)
            {
                return id;
            }
        }
    }

    /// <summary>Reads an id from its 16 bytes.</summary>
    public static TopicId FromBytes(ReadOnlySpan<byte> bytes) => new(new Guid(bytes[..16], bigEndian: true));

    /// <summary>Reads the text form, URL-safe base64 without padding, as in <c>partition.metadata</c>.</summary>
    /// <returns>False where the text is no id.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TopicId id)
    {
        Span<byte> bytes = stackalloc byte[18];
        id = default;
        if (text.Length != 22
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != 16)
        {
            return false;
        }

        id = FromBytes(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(TopicId other) => Value.CompareTo(other.Value);

    /// <summary>The text form that Kafka prints: URL-safe base64 without padding, 22 characters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
