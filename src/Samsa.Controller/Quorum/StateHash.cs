using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Controller.Quorum;

/// <summary>The metadata at one offset, in a number: the same on every controller, or one of them is wrong.</summary>
/// <param name="At">The offset after the last record in it; -1 for none.</param>
/// <param name="Value">The first eight bytes of SHA-256 over the records of a snapshot.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StateHash(Offset At, ulong Value)
{
    /// <summary>Nothing was hashed yet.</summary>
    public static StateHash None => new(Offset.None, 0);

    /// <summary>Hashes the state as its records.</summary>
    public static StateHash Of(Offset at, IEnumerable<IMetadataRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in records)
        {
            hash.AppendData(MetadataRecordCodec.Write(record));
        }

        return new StateHash(at, BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset()));
    }
}

/// <summary>This node's state is another than the leader's.</summary>
internal sealed class DivergedException(string message) : Exception(message);
