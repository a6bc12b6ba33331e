using Samsa.Model;

namespace Samsa.Core.Groups.Consumer.Assignors;

/// <summary>Shares partitions out among the members of a consumer group.</summary>
internal interface IPartitionAssignor
{
    /// <summary>The name members ask for.</summary>
    string Name { get; }

    /// <summary>A new assignment, for every member, in which each partition of a subscribed topic has exactly one member.</summary>
    IReadOnlyDictionary<string, IReadOnlySet<TopicIdPartition>> Assign(IReadOnlyList<AssignableMember> members);
}

/// <summary>A topic to share out.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Partitions">How many partitions it has.</param>
internal readonly record struct AssignableTopic(TopicId Id, int Partitions);

/// <summary>A member to share out to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">The name of a static member, or null.</param>
/// <param name="Topics">The topics it subscribed to and that exist, in the order of their names.</param>
/// <param name="Previous">What it was to have before.</param>
internal sealed record AssignableMember(
    string Id, string? InstanceId, IReadOnlyList<AssignableTopic> Topics, IReadOnlySet<TopicIdPartition> Previous);

/// <summary>The assignors there are.</summary>
internal static class PartitionAssignors
{
    private static readonly IPartitionAssignor[] s_all = [new UniformAssignor(), new RangeAssignor()];

    /// <summary>The assignor of a name; the first one where there is none of that name.</summary>
    public static IPartitionAssignor Find(string name) => Array.Find(s_all, a => a.Name == name) ?? s_all[0];
}
