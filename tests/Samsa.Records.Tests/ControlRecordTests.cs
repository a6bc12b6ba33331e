using Samsa.Model;

namespace Samsa.Records.Tests;

public sealed class ControlRecordTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_marker_is_read_back(bool commit)
    {
        var batch = new EndTxnMarker(commit, 9).ToBatch(new ProducerId(5), 2, TestBatches.Now);

        Assert.True(BatchHeader.TryRead(batch, out var header));
        Assert.Equal((true, true, 5L, (short)2, -1), (header.IsControl, header.IsTransactional, header.ProducerId.Value, header.ProducerEpoch, header.BaseSequence));
        using var records = new RecordReader(batch, TestBatches.Limit);
        Assert.True(records.MoveNext());
        Assert.True(EndTxnMarker.TryRead(records.Current, out var marker));
        Assert.Equal(new EndTxnMarker(commit, 9), marker);
        Assert.False(records.MoveNext());
    }

    [Theory]
    [InlineData("00000002", "000000000009")]
    [InlineData("000000", "000000000009")]
    [InlineData("FFFF0000", "000000000009")]
    [InlineData("00000001", "0000000000")]
    public void What_is_no_marker_is_not_read_as_one(string key, string value) =>
        Assert.False(EndTxnMarker.TryRead(Convert.FromHexString(key), Convert.FromHexString(value), out _));

    [Fact]
    public void Newer_versions_are_read_as_far_as_known()
    {
        Assert.True(EndTxnMarker.TryRead(Convert.FromHexString("00010001FFFF"), Convert.FromHexString("000100000007AAAA"), out var marker));
        Assert.Equal(new EndTxnMarker(true, 7), marker);
    }

    [Fact]
    public void Other_types_go_in_a_control_batch_too()
    {
        var batch = ControlRecord.ToBatch(ControlRecordType.SnapshotFooter, new byte[] { 1, 2, 3 }, TestBatches.Now);

        using var records = new RecordReader(batch, TestBatches.Limit);
        Assert.True(records.Header.IsControl);
        Assert.True(records.MoveNext());
        Assert.True(ControlRecord.TryReadType(records.Current.Key, out var type));
        Assert.Equal(ControlRecordType.SnapshotFooter, type);
        Assert.Equal([1, 2, 3], records.Current.Value.ToArray());
    }
}
