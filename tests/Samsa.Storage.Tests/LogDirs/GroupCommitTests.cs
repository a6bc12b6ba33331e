using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class GroupCommitTests : IDisposable
{
    private static readonly TopicPartition s_orders = new("orders", 0);
    private static readonly TopicPartition s_payments = new("payments", 0);
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_was_awaited_is_durable()
    {
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a", "b");
        await open.Store.WhenDurableAsync(log, log.LogEndOffset, TestContext.Current.CancellationToken);
        Assert.Equal(new Offset(2), log.RecoveryPoint);
        Assert.True(IsDone(open.Store.WhenDurableAsync(log, new Offset(2), CancellationToken.None)));
    }

    [Fact]
    public async Task Everybody_who_waits_shares_the_next_sync()
    {
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "first");
        await open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None);

        // One round is held on its way to the disk while a thousand more come.
        var held = Hold(open, s_payments, out var goOn);
        var before = _fixture.Disk.Syncs;
        var waiting = new List<Task>();
        for (var i = 0; i < 1000; i++)
        {
            StoreFixture.Append(log, $"more {i}");
            waiting.Add(open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None).AsTask());
        }

        Assert.False(held.IsCompleted);
        goOn.Set();
        await held;
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, _fixture.Disk.Syncs);
        Assert.Equal(log.LogEndOffset, log.RecoveryPoint);
    }

    [Fact]
    public async Task A_sync_that_fails_takes_that_log_offline_and_fails_its_waiters_only()
    {
        await using var open = await _fixture.OpenAsync();
        var orders = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        var payments = open.Store.CreateLog(s_payments, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(orders, "a");
        StoreFixture.Append(payments, "b");
        _fixture.Disk.Fault = (operation, path) =>
            operation == "sync" && path.EndsWith("orders-0/00000000000000000000.log", StringComparison.Ordinal) ? new IOException("Input/output error") : null;

        var fails = open.Store.WhenDurableAsync(orders, orders.LogEndOffset, CancellationToken.None);
        var works = open.Store.WhenDurableAsync(payments, payments.LogEndOffset, CancellationToken.None);
        await Assert.ThrowsAsync<IOException>(async () => await fails);
        await works;
        Assert.True(orders.IsOffline);
        Assert.Equal(ErrorCode.KafkaStorageError, StoreFixture.TryAppend(orders, "c").Error);

        // A later sync that succeeds would prove nothing.
        _fixture.Disk.Fault = static (_, _) => null;
        await Assert.ThrowsAsync<IOException>(async () => await open.Store.WhenDurableAsync(orders, new Offset(1), CancellationToken.None));
        StoreFixture.Append(payments, "d");
    }

    [Fact]
    public async Task Waiting_can_be_given_up_without_harm_to_the_others()
    {
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        using var patience = new CancellationTokenSource();
        var first = Hold(open, s_payments, out var goOn);
        StoreFixture.Append(log, "b");
        var impatient = open.Store.WhenDurableAsync(log, log.LogEndOffset, patience.Token).AsTask();
        var patient = open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.True(IsGivenUp(open.Store.WhenDurableAsync(log, log.LogEndOffset, patience.Token)));
        goOn.Set();
        await first;
        await patient.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Flush_messages_makes_the_append_that_is_one_too_many_wait()
    {
        _fixture.Config = _fixture.Config with { FlushMessages = 3 };
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a", "b");
        Assert.True(IsDone(open.Store.CommitAsync(log, log.LogEndOffset, CancellationToken.None)));
        Assert.Equal(Offset.Zero, log.RecoveryPoint);
        StoreFixture.Append(log, "c");
        await open.Store.CommitAsync(log, log.LogEndOffset, CancellationToken.None);
        Assert.Equal(new Offset(3), log.RecoveryPoint);
    }

    [Fact]
    public async Task Flush_on_ack_makes_every_append_wait()
    {
        _fixture.Config = _fixture.Config with { FlushOnAck = true };
        await using var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        for (var i = 1; i <= 10; i++)
        {
            StoreFixture.Append(log, "a");
            await open.Store.CommitAsync(log, log.LogEndOffset, CancellationToken.None);
            Assert.Equal(new Offset(i), log.RecoveryPoint);
        }
    }

    [Fact]
    public async Task Many_producers_on_many_partitions_all_get_their_answer()
    {
        await using var open = await _fixture.OpenAsync();
        var logs = Enumerable.Range(0, 16).Select(i => open.Store.CreateLog(new("t", i), TopicId.Create(), _fixture.Config)).ToArray();
        await Task.WhenAll(logs.Select(log => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                StoreFixture.Append(log, "a");
                var end = log.LogEndOffset;
                await open.Store.WhenDurableAsync(log, end, CancellationToken.None);
                Assert.True(log.RecoveryPoint >= end);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_partitions_share_one_sync_of_the_file_system_and_fall_back_where_it_fails(bool fails)
    {
        await using var open = await _fixture.OpenAsync();
        var logs = Enumerable.Range(0, 16).Select(i => open.Store.CreateLog(new("t", i), TopicId.Create(), _fixture.Config)).ToArray();
        Array.ForEach(logs, log => StoreFixture.Append(log, "a"));
        _fixture.Disk.Fault = (operation, path) => fails && (operation == "syncfs" || path.EndsWith("t-7/00000000000000000000.log", StringComparison.Ordinal))
            ? new IOException("Input/output error")
            : null;

        var held = Hold(open, new TopicPartition("held", 0), out var goOn);
        var waits = logs.Select(log => open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None).AsTask()).ToArray();
        goOn.Set();
        await held;
        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(fails ? 0 : 1, _fixture.Disk.FileSystemSyncs);
        for (var i = 0; i < logs.Length; i++)
        {
            var lost = fails && i == 7;
            Assert.Equal((lost, lost, lost ? 0 : 1), (waits[i].IsFaulted, logs[i].IsOffline, logs[i].RecoveryPoint.Value));
        }
    }

    [Fact]
    public async Task A_closed_store_answers_nobody_any_more()
    {
        var open = await _fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), _fixture.Config);
        StoreFixture.Append(log, "a");
        var asked = open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None);
        await open.DisposeAsync();
        await asked;
        await Assert.ThrowsAsync<IOException>(async () => await open.Store.WhenDurableAsync(log, new Offset(9), CancellationToken.None));
    }

    private static bool IsDone(ValueTask task) => task.IsCompletedSuccessfully;

    private static bool IsGivenUp(ValueTask task) => task.IsCanceled;

    /// <summary>Keeps the flusher busy, so that those who ask meanwhile gather for one round.</summary>
    private Task Hold(OpenStore open, TopicPartition partition, out ManualResetEventSlim goOn)
    {
        var log = open.Store.CreateLog(partition, TopicId.Create(), _fixture.Config);
        var inSync = new ManualResetEventSlim();
        var release = new ManualResetEventSlim();
        _fixture.Disk.OnSync = () =>
        {
            inSync.Set();
            Assert.True(release.Wait(TimeSpan.FromSeconds(20)));
        };
        StoreFixture.Append(log, "held");
        var held = open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None).AsTask();
        Assert.True(inSync.Wait(TimeSpan.FromSeconds(20)));
        goOn = release;
        return held;
    }
}
