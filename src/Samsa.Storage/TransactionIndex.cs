using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The <c>.txnindex</c> file of a segment: 34-byte entries of aborted transactions. Most segments have none.</summary>
internal static class TransactionIndex
{
    public const int EntrySize = 34;
    private const short Version = 0;

    public static AbortedTransaction[] Load(LogFiles files, Offset baseOffset)
    {
        var path = files.PathOf(baseOffset, LogFiles.TransactionIndexSuffix);
        return files.Disk.FileExists(path) ? Decode(files.Disk.ReadAllBytes(path)) : [];
    }

    public static void Append(LogFiles files, Offset baseOffset, in AbortedTransaction transaction, int index)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        Encode(transaction, entry);
        using var file = files.Disk.Open(files.PathOf(baseOffset, LogFiles.TransactionIndexSuffix), StorageOpenMode.ReadWrite);
        file.Write(entry, (long)index * EntrySize);
    }

    /// <summary>Replaces the file's content; without entries there is no file.</summary>
    public static void Replace(LogFiles files, Offset baseOffset, ReadOnlySpan<AbortedTransaction> transactions)
    {
        var path = files.PathOf(baseOffset, LogFiles.TransactionIndexSuffix);
        if (transactions.IsEmpty)
        {
            files.Disk.DeleteFile(path);
            return;
        }

        var bytes = new byte[transactions.Length * EntrySize];
        for (var i = 0; i < transactions.Length; i++)
        {
            Encode(transactions[i], bytes.AsSpan(i * EntrySize));
        }

        using var file = files.Disk.Open(path, StorageOpenMode.Truncate);
        file.Write(bytes, 0);
    }

    /// <summary>Parses entries; an unfinished one at the end is passed over.</summary>
    public static AbortedTransaction[] Decode(ReadOnlySpan<byte> bytes)
    {
        var transactions = new AbortedTransaction[bytes.Length / EntrySize];
        for (var i = 0; i < transactions.Length; i++)
        {
            var entry = bytes.Slice(i * EntrySize, EntrySize);
            transactions[i] = new AbortedTransaction(
                new ProducerId(BinaryPrimitives.ReadInt64BigEndian(entry[2..])),
                new Offset(BinaryPrimitives.ReadInt64BigEndian(entry[10..])),
                new Offset(BinaryPrimitives.ReadInt64BigEndian(entry[18..])),
                new Offset(BinaryPrimitives.ReadInt64BigEndian(entry[26..])));
        }

        return transactions;
    }

    private static void Encode(in AbortedTransaction transaction, Span<byte> entry)
    {
        BinaryPrimitives.WriteInt16BigEndian(entry, Version);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], transaction.Producer.Value);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], transaction.FirstOffset.Value);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], transaction.LastOffset.Value);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], transaction.LastStableOffset.Value);
    }
}
