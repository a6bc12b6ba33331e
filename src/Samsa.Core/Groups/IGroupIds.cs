namespace Samsa.Core.Groups;

/// <summary>Where new member ids come from; a seeded source makes a run repeatable.</summary>
public interface IGroupIds
{
    /// <summary>A UUID that was never given before.</summary>
    Guid NewId();
}
