using System.Text.RegularExpressions;
using Samsa.Core.Groups.Consumer;
using Samsa.Core.Groups.Offsets;

namespace Samsa.Core.Groups;

/// <summary>What the parts of one shard share: its groups, offsets and deadlines, and where settings and ids come from.</summary>
internal sealed class GroupContext(Func<GroupSettings> settings, IGroupTopics topics, IGroupIds ids)
{
    private const int MaxRegexes = 1_000;
    private readonly Dictionary<string, Regex?> _regexes = new(StringComparer.Ordinal);

    public GroupSettings Settings => settings();

    public IGroupTopics Topics { get; } = topics;

    public IGroupIds Ids { get; } = ids;

    public Dictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);

    public OffsetStore Offsets { get; } = new();

    public GroupDeadlines Deadlines { get; } = new();

    /// <summary>A regular expression, read once for as long as not too many others are; null where it cannot be read.</summary>
    public Regex? Regex(string text)
    {
        if (!_regexes.TryGetValue(text, out var regex))
        {
            if (_regexes.Count >= MaxRegexes)
            {
                _regexes.Clear();
            }

            regex = TopicRegex.TryParse(text, out _);
            _regexes.Add(text, regex);
        }

        return regex;
    }
}
