using Samsa.Model;

namespace Samsa.Core.Groups;

/// <summary>The topics of the cluster as group coordination sees them; always the newest image.</summary>
public interface IGroupTopics
{
    /// <summary>Grows with each change of the set of topics or their partitions.</summary>
    long Version { get; }

    /// <summary>All names, internal ones included.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Looks a topic up by name.</summary>
    /// <returns>False where there is none.</returns>
    bool TryGet(string name, out TopicId id, out int partitions);

    /// <summary>The name of a topic, or null where there is none of that id.</summary>
    string? NameOf(TopicId id);
}
