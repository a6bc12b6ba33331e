using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides on deletions. The records of a deleted topic go with its logs, in the background.</summary>
public static class TopicDeletion
{
    /// <summary>Decides on all topics of one request; answers come in the order asked, each topic once.</summary>
    public static Transition<IReadOnlyList<DeletedTopic>, IMetadataRecord> Decide(
        MetadataImage image, IReadOnlyList<TopicToDelete> topics)
    {
        var results = new List<DeletedTopic>(topics.Count);
        var records = new List<IMetadataRecord>();
        var times = new Dictionary<TopicToDelete, int>();
        foreach (var topic in topics)
        {
            times[topic] = times.GetValueOrDefault(topic) + 1;
        }

        var removed = new HashSet<TopicId>();
        foreach (var topic in topics)
        {
            if (!times.Remove(topic, out var count))
            {
                continue;
            }

            var result = Decide(image, topic, count, removed);
            results.Add(result);
            if (result.Error == ErrorCode.None)
            {
                records.Add(new RemoveTopicRecord { TopicId = result.Id });
            }
        }

        return new(results, records);
    }

    private static DeletedTopic Decide(MetadataImage image, TopicToDelete topic, int times, HashSet<TopicId> removed)
    {
        DeletedTopic Refuse(ErrorCode error, string message) => new(topic.Name, topic.Id, error, message);

        if (topic is { Name: not null, Id.IsKnown: true })
        {
            return Refuse(ErrorCode.InvalidRequest, "You may not specify both topic name and topic id.");
        }

        if (topic is { Name: null, Id.IsKnown: false })
        {
            return Refuse(ErrorCode.InvalidRequest, "Neither topic name nor id were specified.");
        }

        if (times > 1)
        {
            return Refuse(ErrorCode.InvalidRequest, topic.Name is null ? "Duplicate topic id." : "Duplicate topic name.");
        }

        var found = topic.Name is { } name ? image.TopicByName(name) : image.TopicById(topic.Id);
        if (found is null)
        {
            return topic.Name is null
                ? Refuse(ErrorCode.UnknownTopicId, "This server does not host this topic ID.")
                : Refuse(ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");
        }

        if (TopicName.IsInternal(found.Name))
        {
            return Refuse(ErrorCode.InvalidTopicException, $"The internal topic {found.Name} cannot be deleted.");
        }

        return removed.Add(found.Id)
            ? new(found.Name, found.Id, ErrorCode.None, null)
            : Refuse(ErrorCode.InvalidRequest, "The provided topic name maps to an ID that was already supplied.");
    }
}

/// <summary>A topic to delete, by name or by id.</summary>
/// <param name="Name">Its name, or null where the id names it.</param>
/// <param name="Id">Its id, or none where the name names it.</param>
public readonly record struct TopicToDelete(string? Name, TopicId Id);

/// <summary>What became of a deletion.</summary>
/// <param name="Name">The topic's name, where known.</param>
/// <param name="Id">The topic's id, where known.</param>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">The reason in words.</param>
public sealed record DeletedTopic(string? Name, TopicId Id, ErrorCode Error, string? Message);
