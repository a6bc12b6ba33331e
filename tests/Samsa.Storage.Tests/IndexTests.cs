using CsCheck;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

public class IndexTests
{
    private static readonly Gen<(int Records, int Size, long Time)[]> s_batches =
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 300], Gen.Long[0, 50]).Array[1, 60];

    [Fact]
    public void Lookups_by_offset_and_time_find_what_a_scan_finds() =>
        s_batches.Sample(
            batches =>
            {
                using var test = new TestLog(config: LogConfig.Default with { SegmentBytes = 4000, IndexIntervalBytes = 500 });
                var records = new List<(long Offset, long Time)>();
                var starts = new List<(long Base, long Last)>();
                foreach (var (count, size, time) in batches)
                {
                    var first = test.Commit(TestBatches.Plain(count, size, time));
                    starts.Add((first, first + count - 1));
                    records.AddRange(Enumerable.Range(0, count).Select(i => (first + i, time + i)));
                }

                for (var offset = 0L; offset < test.End; offset++)
                {
                    var read = test.Log.Read(new Offset(offset), 1, test.Log.LogEndOffset, true);
                    var (wantedBase, wantedLast) = starts.Single(batch => batch.Base <= offset && offset <= batch.Last);
                    using var slice = read.Slice!;
                    Assert.Equal(wantedLast + 1, read.NextOffset.Value);
                    var bytes = new byte[slice.Length];
                    slice.CopyTo(bytes);
                    Assert.True(BatchHeader.TryRead(bytes, out var header));
                    Assert.Equal((wantedBase, wantedLast), (header.BaseOffset.Value, header.LastOffset.Value));
                }

                for (var time = 0L; time < 60; time++)
                {
                    var expected = records.Where(record => record.Time >= time).Select(record => record.Offset).DefaultIfEmpty(-1).First();
                    Assert.Equal(expected, test.Log.FindByTimestamp(time).Offset.Value);
                }

                var latest = records.MaxBy(record => record.Time);
                Assert.Equal((latest.Offset, latest.Time), (test.Log.FindMaxTimestamp().Offset.Value, test.Log.FindMaxTimestamp().TimestampMs));
            },
            iter: 100);

    [Fact]
    public void Index_files_read_back_as_they_were_written() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000]).Array[0, 50].Sample(steps =>
        {
            var offsets = new OffsetIndex();
            var times = new TimeIndex();
            int offset = 0, position = 0;
            foreach (var (offsetStep, positionStep) in steps)
            {
                offset += offsetStep;
                offsets.Add(offset, position);
                times.AddIfLater(position, offset);
                position += positionStep;
            }

            Assert.Equal(offsets.Entries.ToArray(), OffsetIndex.Decode(offsets.Encode(0), position + 1)!.Entries.ToArray());
            Assert.Equal(times.Entries.ToArray(), TimeIndex.Decode(times.Encode(0))!.Entries.ToArray());
            for (var at = 0; at <= position; at += 37)
            {
                Assert.Equal(
                    offsets.Entries.ToArray().Where(entry => entry.Position <= at).Select(entry => entry.Position).DefaultIfEmpty(0).Last(),
                    offsets.PositionAtOrBefore(at));
            }
        });

    [Fact]
    public void Deleted_records_are_found_by_no_time()
    {
        using var test = new TestLog();
        test.Commit(TestBatches.Plain(timestampMs: 100));
        test.Commit(TestBatches.Plain(timestampMs: 50));
        test.Log.AdvanceLogStartOffset(new Offset(1));

        Assert.Equal(1, test.Log.FindByTimestamp(0).Offset.Value);
        Assert.False(test.Log.FindByTimestamp(60).Found);
        Assert.Equal((1, 50), (test.Log.FindMaxTimestamp().Offset.Value, test.Log.FindMaxTimestamp().TimestampMs));
    }
}
