using Samsa.Model;

namespace Samsa.Core.Tests.Groups;

/// <summary>A consumer in a model of a group, of whichever protocol.</summary>
internal interface IGroupClient
{
    /// <summary>Its id as the coordinator knows it.</summary>
    string MemberId { get; }

    /// <summary>What it reads.</summary>
    IEnumerable<(TopicId Topic, int Partition)> Owned { get; }

    /// <summary>Whether it has all it was told to have, and waits for nothing.</summary>
    bool IsSettled { get; }

    /// <summary>Does what comes next.</summary>
    void Step();

    /// <summary>Leaves; the next step begins anew.</summary>
    void Leave();

    /// <summary>The process is gone, and a new one begins.</summary>
    void Restart();

    /// <summary>Its connection broke: the answer it waits for does not come.</summary>
    void LoseConnection();
}
