using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>A change of a resource's configuration that somebody wants.</summary>
/// <param name="Resource">The resource, which need not exist.</param>
/// <param name="Changes">The changes, setting by setting.</param>
/// <param name="ReplacesAll">Whether what is not named goes back to its default (AlterConfigs) or stays (IncrementalAlterConfigs).</param>
public sealed record ConfigWish(ConfigResource Resource, IReadOnlyList<ConfigChange> Changes, bool ReplacesAll);

/// <summary>A change of one setting.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Operation">What is to happen; not checked yet.</param>
/// <param name="Value">The value, or the elements to append or subtract; not checked yet.</param>
public readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value);

/// <summary>What can happen to a setting (KIP-339); the numbers are the protocol's.</summary>
public enum ConfigOperation : sbyte
{
    /// <summary>It gets a value.</summary>
    Set = 0,

    /// <summary>It goes back to its default.</summary>
    Delete = 1,

    /// <summary>A list gets more elements.</summary>
    Append = 2,

    /// <summary>A list loses elements.</summary>
    Subtract = 3,
}

/// <summary>What became of a change of a resource's configuration.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">The reason in words.</param>
public sealed record ConfigResult(ConfigResource Resource, ErrorCode Error, string? Message);

/// <summary>What decisions about configuration need to know of the settings there are.</summary>
/// <param name="IsList">Whether a setting of such resources is a list.</param>
/// <param name="DefaultOf">The value of a setting that nobody set; null where there is none.</param>
/// <param name="Refuse">Says what is wrong with all that a resource would have, of which the second is what the change sets.</param>
public sealed record ConfigSchema(
    Func<ConfigResourceType, string, bool> IsList,
    Func<ConfigResourceType, string, string?> DefaultOf,
    Func<ConfigResource, IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>, (ErrorCode Error, string Message)?> Refuse);
