using System.Text.RegularExpressions;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>What a group's members subscribed to, as the topics are now.</summary>
internal sealed class SubscribedTopics(GroupContext context, ConsumerGroupWriter writer)
{
    /// <summary>Least time between two looks at all topics for one group's regular expressions: there may be many of both.</summary>
    private const int MinRegexIntervalMs = 1_000;

    /// <summary>Brings the regular expressions of a group up to date: those of its members as the topics are now, and no others.</summary>
    public void ResolveRegexes(ConsumerGroup group, long nowMs, GroupEffects effects)
    {
        var used = group.Members.Values.Select(m => m.Profile.Regex).Where(r => r.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var unused in group.Regexes.Keys.Where(r => !used.Contains(r)).ToArray())
        {
            writer.Regex(group, unused, value: null, effects);
        }

        var version = context.Topics.Version;
        foreach (var text in used.Order(StringComparer.Ordinal))
        {
            var known = group.Regexes.GetValueOrDefault(text);
            if (known is not null && (known.Version >= version || nowMs - known.AtMs < MinRegexIntervalMs))
            {
                continue;
            }

            // One that another broker accepted and this one cannot read keeps what it stood for.
            var topics = context.Regex(text) is { } regex ? TopicRegex.Resolve(regex, context.Topics) : [.. known?.Topics ?? []];
            if (known is not null && known.Topics.SequenceEqual(topics, StringComparer.Ordinal))
            {
                group.Regexes[text] = known with { Version = version, AtMs = nowMs };
            }
            else
            {
                writer.Regex(group, text, new ConsumerGroupRegularExpressionValue { Topics = topics, Version = version, Timestamp = nowMs }, effects);
            }
        }
    }

    /// <summary>Whether a regular expression has not been looked at since the topics changed.</summary>
    public bool AreRegexesBehind(ConsumerGroup group) => group.Regexes.Values.Any(r => r.Version < context.Topics.Version);

    /// <summary>A fingerprint of the subscribed topics that exist: it changes where one comes, goes, is made anew or gets partitions.</summary>
    public long Hash(ConsumerGroup group)
    {
        const ulong Prime = 1_099_511_628_211;
        var hash = 14_695_981_039_346_656_037UL;
        var any = false;
        Span<byte> id = stackalloc byte[16];
        foreach (var name in group.Members.Values.SelectMany(m => group.TopicsOf(m.Profile)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (context.Topics.TryGet(name, out var topic, out var partitions))
            {
                any = true;
                _ = topic.Value.TryWriteBytes(id, bigEndian: true, out _);
                foreach (var b in id)
                {
                    hash = unchecked((hash ^ b) * Prime);
                }

                hash = unchecked((hash ^ (uint)partitions) * Prime);
            }
        }

        return any ? (long)hash : 0;
    }
}
