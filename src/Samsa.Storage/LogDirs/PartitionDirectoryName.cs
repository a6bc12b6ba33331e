using System.Buffers;
using System.Globalization;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The name of a partition's directory, taken apart and put together.</summary>
/// <remarks>
/// Only names that <see cref="For(TopicPartition)"/> would make are accepted, so a name can never lead out of its parent: a topic's
/// name has no separators, and "." and ".." are no topics.
/// </remarks>
/// <param name="Partition">The partition; of a deleted or stray one the topic's name may have been cut.</param>
/// <param name="Kind">What the directory is.</param>
internal readonly record struct PartitionDirectoryName(TopicPartition Partition, PartitionDirectoryKind Kind)
{
    /// <summary>The longest topic name that Kafka allows.</summary>
    public const int MaxTopicLength = 249;

    /// <summary>The longest name a file system takes.</summary>
    private const int MaxNameLength = 255;

    private const int HexLength = 32;

    private static readonly SearchValues<char> s_topicCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads a directory's name.</summary>
    /// <returns>False where the directory is none of a partition's.</returns>
    public static bool TryParse(string name, out PartitionDirectoryName parsed)
    {
        parsed = default;
        var rest = name.AsSpan();
        var kind = PartitionDirectoryKind.Live;
        if (TryCutSuffix(ref rest, "-delete"))
        {
            kind = PartitionDirectoryKind.Delete;
        }
        else if (TryCutSuffix(ref rest, "-future"))
        {
            kind = PartitionDirectoryKind.Future;
        }
        else if (TryCutSuffix(ref rest, "-stray"))
        {
            kind = PartitionDirectoryKind.Stray;
        }

        var dash = rest.LastIndexOf('-');
        if (dash <= 0 || !TryReadIndex(rest[(dash + 1)..], out var partition) || !IsTopic(rest[..dash]))
        {
            return false;
        }

        parsed = new PartitionDirectoryName(new TopicPartition(rest[..dash].ToString(), partition), kind);
        return true;
    }

    /// <summary>The directory of a partition in use.</summary>
    /// <exception cref="ArgumentException">The topic's name or the index is not legal, so no directory may be made of it.</exception>
    public static string For(TopicPartition partition) =>
        IsTopic(partition.Topic) && partition.Partition >= 0
            ? $"{partition.Topic}-{partition.Partition}"
            : throw new ArgumentException($"\"{partition}\" is no name of a partition", nameof(partition));

    /// <summary>The name under which a deleted (or stray) partition waits for its removal; the topic is cut so that it fits.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="kind">Any kind but <see cref="PartitionDirectoryKind.Live"/>.</param>
    /// <param name="unique">Keeps two deletions of one name apart.</param>
    public static string For(TopicPartition partition, PartitionDirectoryKind kind, Guid unique)
    {
        var tail = kind switch
        {
            PartitionDirectoryKind.Delete => "-delete",
            PartitionDirectoryKind.Future => "-future",
            PartitionDirectoryKind.Stray => "-stray",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A partition in use has no suffix"),
        };
        var suffix = $"-{partition.Partition}.{unique:N}{tail}";
        var topic = partition.Topic;
        return topic[..Math.Min(topic.Length, MaxNameLength - suffix.Length)] + suffix;
    }

    /// <summary>Whether this may be a topic's name: 1 to 249 of letters, digits, '.', '_' and '-', and neither "." nor "..".</summary>
    public static bool IsTopic(ReadOnlySpan<char> topic) =>
        topic.Length is > 0 and <= MaxTopicLength
        && !topic.ContainsAnyExcept(s_topicCharacters)
        && topic is not "." and not "..";

    private static bool TryCutSuffix(ref ReadOnlySpan<char> name, ReadOnlySpan<char> suffix)
    {
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
        {
            return false;
        }

        // A topic may itself be called "x-delete"; only with ".HEX" before it is it a suffix.
        var head = name[..^suffix.Length];
        if (head.Length <= HexLength + 1
            || head[^(HexLength + 1)] != '.'
            || head[^HexLength..].ContainsAnyExcept(s_hexDigits))
        {
            return false;
        }

        name = head[..^(HexLength + 1)];
        return true;
    }

    private static bool TryReadIndex(ReadOnlySpan<char> digits, out int index)
    {
        // One spelling only: "t-01" and "t-1" must not be the same partition.
        index = 0;
        return digits is not [] && (digits[0] != '0' || digits.Length == 1)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}

/// <summary>What a directory inside a log directory is, told by its name alone.</summary>
internal enum PartitionDirectoryKind
{
    /// <summary><c>TOPIC-PARTITION</c>: a partition in use.</summary>
    Live,

    /// <summary><c>TOPIC-PARTITION.HEX-delete</c>: a deleted partition whose files still have to go.</summary>
    Delete,

    /// <summary><c>TOPIC-PARTITION.HEX-future</c>: a replica being moved here from another log directory.</summary>
    Future,

    /// <summary><c>TOPIC-PARTITION.HEX-stray</c>: a replica that the metadata log no longer places here.</summary>
    Stray,
}
