namespace Samsa.Core.Metadata;

/// <summary>Which names a topic may have. A name becomes a directory, so these rules also keep paths safe.</summary>
public static class TopicName
{
    /// <summary>The longest name: with a partition's suffix it must still fit a file name.</summary>
    public const int MaxLength = 249;

    /// <summary>The log of the cluster's metadata; nobody creates or deletes it.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Committed offsets and groups.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>Transactions.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>Acquired records of share groups.</summary>
    public const string ShareGroupState = "__share_group_state";

    /// <summary>Whether the brokers keep their own state in that topic.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    /// <summary>Says what is wrong with a name, in Kafka's words.</summary>
    /// <returns>Null where nothing is.</returns>
    public static string? Refuse(string name)
    {
        if (name.Length == 0)
        {
            return "Topic name is invalid: the empty string is not allowed";
        }

        if (name is "." or "..")
        {
            return $"Topic name is invalid: '{name}' is not allowed";
        }

        if (name.Length > MaxLength)
        {
            return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {MaxLength}";
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
            }
        }

        return null;
    }

    /// <summary>Whether the name takes part in collisions at all.</summary>
    public static bool MayCollide(string name) => name.AsSpan().IndexOfAny('.', '_') >= 0;

    /// <summary>The form in which two colliding names are equal.</summary>
    public static string CollisionForm(string name) => name.Replace('.', '_');
}
