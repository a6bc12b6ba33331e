using System.Runtime.InteropServices;

namespace Samsa.Protocol;

/// <summary>What the definition of an API says about it as a whole.</summary>
public sealed class ApiInfo
{
    internal ApiInfo(ApiKey key, string name, short minVersion, short maxVersion, short firstFlexibleVersion)
    {
        Key = key;
        Name = name;
        MinVersion = minVersion;
        MaxVersion = maxVersion;
        FirstFlexibleVersion = firstFlexibleVersion;
    }

    /// <summary>The number on the wire.</summary>
    public ApiKey Key { get; }

    /// <summary>Kafka's name of the API.</summary>
    public string Name { get; }

    /// <summary>The oldest version that can be read and written.</summary>
    public short MinVersion { get; }

    /// <summary>The newest version that can be read and written.</summary>
    public short MaxVersion { get; }

    /// <summary>The first version with compact lengths and tagged fields (KIP-482); <see cref="short.MaxValue"/> for none.</summary>
    public short FirstFlexibleVersion { get; }

    internal HeaderOverride? RequestHeaderOverride { get; init; }

    internal HeaderOverride? ResponseHeaderOverride { get; init; }

    /// <summary>Whether requests and responses of that version can be read and written.</summary>
    public bool Supports(short version) => version >= MinVersion && version <= MaxVersion;

    /// <summary>The version of the header before a request body of that version.</summary>
    public short RequestHeaderVersion(short version) =>
        RequestHeaderOverride?.For(version) ?? (short)(version >= FirstFlexibleVersion ? 2 : 1);

    /// <summary>The version of the header before a response body of that version.</summary>
    public short ResponseHeaderVersion(short version) =>
        ResponseHeaderOverride?.For(version) ?? (short)(version >= FirstFlexibleVersion ? 1 : 0);

    /// <summary>A fresh request, to be filled or read.</summary>
    public IRequest NewRequest() => ApiCatalog.NewRequest(Key);

    /// <summary>A fresh response, to be filled or read.</summary>
    public IResponse NewResponse() => ApiCatalog.NewResponse(Key);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Versions of an API whose header has another version than the rule gives.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeaderOverride(short HeaderVersion, short First, short Last)
{
    public short? For(short version) => version >= First && version <= Last ? HeaderVersion : null;
}
