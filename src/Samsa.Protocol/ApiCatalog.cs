using System.Diagnostics.CodeAnalysis;

namespace Samsa.Protocol;

/// <summary>Every API that has a definition, served or not.</summary>
public static partial class ApiCatalog
{
    private static readonly ApiInfo[] s_all = Defined();
    private static readonly ApiInfo?[] s_byKey = ByKey();

    /// <summary>Every API, by ascending key.</summary>
    public static IReadOnlyList<ApiInfo> All => s_all;

    /// <summary>Finds an API by the number on the wire.</summary>
    /// <returns>False where there is none.</returns>
    public static bool TryGet(short key, [NotNullWhen(true)] out ApiInfo? info)
    {
        info = (uint)key < (uint)s_byKey.Length ? s_byKey[key] : null;
        return info is not null;
    }

    /// <summary>The API of that key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key has no definition.</exception>
    public static ApiInfo Get(ApiKey key) =>
        TryGet((short)key, out var info) ? info : throw new ArgumentOutOfRangeException(nameof(key), key, "No such API");

    private static ApiInfo?[] ByKey()
    {
        var byKey = new ApiInfo?[(int)s_all[^1].Key + 1];
        foreach (var info in s_all)
        {
            byKey[(int)info.Key] = info;
        }

        return byKey;
    }
}
