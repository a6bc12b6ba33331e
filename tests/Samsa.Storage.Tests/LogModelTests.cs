using CsCheck;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage.Tests;

/// <summary>Random histories, power cuts among them, against a list of what was appended.</summary>
public class LogModelTests
{
    private static readonly Gen<(int[] Steps, int Seed)> s_history = Gen.Select(Gen.Int[0, 99].Array[1, 80], Gen.Int);

    [Fact]
    public void A_log_is_what_was_appended_to_it_less_what_a_power_cut_may_take() =>
        s_history.Sample(
            history =>
            {
                using var model = new Model(history.Seed);
                foreach (var step in history.Steps)
                {
                    model.Do(step);
                }

                model.Check();
            },
            iter: 400,
            print: history => $"seed {history.Seed}, steps {string.Join(' ', history.Steps)}");

    private sealed class Model(int seed) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly List<(long Base, long Last, uint Crc)> _batches = [];
        private readonly List<(long Producer, long Offset, int LastSequence)> _sent = [];
        private readonly Dictionary<long, int> _sequences = [];
        private readonly TestLog _test = new(config: LogConfig.Default with
        {
            SegmentBytes = 2000,
            IndexIntervalBytes = 200,
            RetentionBytes = 5000,
            FileDeleteDelayMs = 0,
        });

        private long _checkpoint;
        private int _epoch;

        public void Do(int step)
        {
            switch (step)
            {
                case < 50:
                    Append();
                    break;
                case < 58:
                    _test.Log.Flush();
                    break;
                case < 62:
                    _checkpoint = _test.Log.RecoveryPoint.Value;
                    break;
                case < 68:
                    Truncate();
                    break;
                case < 74:
                    _ = _test.Log.DeleteExpiredSegments(TestBatches.Time);
                    break;
                case < 78:
                    _test.Log.AssignEpoch(new LeaderEpoch(++_epoch));
                    break;
                case < 84:
                    _test.Kill();
                    Check();
                    break;
                case < 90:
                    _test.CloseAndReopen();
                    Check();
                    break;
                case < 96:
                    CutPower();
                    break;
                default:
                    Check();
                    break;
            }
        }

        public void Check()
        {
            var start = _test.Log.LogStartOffset.Value;
            Assert.Equal(
                _batches.Where(batch => batch.Last >= start),
                _test.ReadAll(_random.Next(50, 3000)).Select(header => (header.BaseOffset.Value, header.LastOffset.Value, header.Crc)));
            CheckProducers(start);
            Assert.Equal(_batches.Count == 0 ? start : _batches[^1].Last + 1, Math.Max(start, _test.End));
        }

        public void Dispose() => _test.Dispose();

        /// <summary>The producers are as their last batches say; only one whose batches were all deleted may be forgotten.</summary>
        private void CheckProducers(long start)
        {
            var expected = _sent.GroupBy(sent => sent.Producer).ToDictionary(group => group.Key, group => group.Last());
            var actual = _test.Log.State.Producers.ToSnapshot().ToDictionary(entry => entry.Producer.Value, entry => entry.LastSequence);
            Assert.All(actual, entry => Assert.Equal(expected[entry.Key].LastSequence, entry.Value));
            Assert.All(expected.Where(entry => entry.Value.Offset >= start), entry => Assert.Contains(entry.Key, actual));
        }

        private void Append()
        {
            var records = _random.Next(1, 4);
            var producer = _random.Next(4);
            var sequence = _sequences.GetValueOrDefault(producer, 0);
            var batch = producer == 0
                ? TestBatches.Plain(records, _random.Next(400), TestBatches.Time, (byte)_random.Next(256))
                : TestBatches.Idempotent(producer, sequence, records);
            var outcome = _test.Append(batch, _epoch);
            Assert.Equal((ErrorCode.None, null), (outcome.Error, outcome.Message));
            _sequences[producer] = sequence + records;
            _batches.Add((outcome.FirstOffset.Value, outcome.LastOffset.Value, Crc(batch)));
            if (producer > 0)
            {
                _sent.Add((producer, outcome.FirstOffset.Value, sequence + records - 1));
            }

            if (_random.Next(3) > 0)
            {
                _test.Log.AdvanceHighWatermark(_test.Log.LogEndOffset);
            }
        }

        private void Truncate()
        {
            if (_batches.Count == 0)
            {
                return;
            }

            var to = _batches[_random.Next(Math.Max(0, _batches.Count - 5), _batches.Count)].Base;
            if (to < _test.Log.LogStartOffset.Value)
            {
                return;
            }

            _test.Log.TruncateTo(new Offset(to));
            _checkpoint = Math.Min(_checkpoint, _test.Log.RecoveryPoint.Value);
            Forget(to);
        }

        private void CutPower()
        {
            var synced = _test.Log.RecoveryPoint;
            _test.Reopen(_test.Disk.AfterPowerCut(_random), clean: false, new Offset(_checkpoint));
            Assert.True(_test.Log.LogEndOffset >= synced, $"{synced} was synced, but the log ends at {_test.End}");
            Forget(_test.End);
            Check();
        }

        private void Forget(long from)
        {
            _batches.RemoveAll(batch => batch.Base >= from);
            _sent.RemoveAll(sent => sent.Offset >= from);
            _sequences.Clear();
            foreach (var entry in _test.Log.State.Producers.ToSnapshot())
            {
                _sequences[entry.Producer.Value] = entry.LastSequence + 1;
            }
        }

        private static uint Crc(byte[] batch)
        {
            Assert.True(BatchHeader.TryRead(batch, out var header));
            return header.Crc;
        }
    }
}
