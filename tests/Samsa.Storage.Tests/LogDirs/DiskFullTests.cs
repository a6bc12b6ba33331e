using System.Diagnostics;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class DiskFullTests
{
    private static readonly TopicPartition s_orders = new("orders", 0);

    [Fact]
    public async Task A_full_disk_refuses_writes_serves_reads_and_is_forgotten_when_there_is_space()
    {
        using var fixture = new StoreFixture();
        await using var open = await fixture.OpenAsync();
        var log = open.Store.CreateLog(s_orders, TopicId.Create(), fixture.Config);
        StoreFixture.Append(log, "before");

        fixture.Disk.Fault = static (operation, _) => operation is "write" or "create" ? DiskWithFaults.Full : null;
        Assert.Equal(ErrorCode.KafkaStorageError, StoreFixture.TryAppend(log, "refused").Error);
        Assert.Throws<IOException>(() => open.Store.CreateLog(new("new", 0), TopicId.Create(), fixture.Config));
        Assert.Equal(["before"], StoreFixture.Read(log));
        for (var i = 0; i < 100; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(5));
        }

        fixture.Disk.Fault = static (_, _) => null;
        Assert.False(log.IsOffline);
        StoreFixture.Append(log, "after");
        open.Store.CreateLog(new("new", 0), TopicId.Create(), fixture.Config);
        Assert.Equal(["before", "after"], StoreFixture.Read(log));

        await using var killed = await fixture.OpenAsync(fixture.KilledCopyOf("data"));
        Assert.Equal(["before", "after"], StoreFixture.Read(killed[s_orders]));
    }

    [Fact]
    public async Task The_same_on_a_small_file_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small tmpfs needs root");
        using var fixture = new StoreFixture();
        Directory.CreateDirectory(fixture.In("data"));
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", fixture.In("data")), "tmpfs may not be mounted here");
        try
        {
            await using var open = await fixture.OpenAsync();
            var log = open.Store.CreateLog(s_orders, TopicId.Create(), fixture.Config);
            var value = new string('x', 100_000);
            var written = 0;
            while (StoreFixture.TryAppend(log, value).Error == ErrorCode.None)
            {
                Assert.InRange(++written, 1, 40);
            }

            Assert.InRange(written, 20, 31);
            Assert.Equal(ErrorCode.KafkaStorageError, StoreFixture.TryAppend(log, value).Error);
            Assert.Equal(written, StoreFixture.Read(log).Count);
            Assert.True(Run("mount", "-o", "remount,size=6m", fixture.In("data")));
            StoreFixture.Append(log, value);
            await open.Store.WhenDurableAsync(log, log.LogEndOffset, CancellationToken.None);
            Assert.Equal(written + 1, StoreFixture.Read(log).Count);
        }
        finally
        {
            Run("umount", fixture.In("data"));
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        Assert.True(process.WaitForExit(20_000));
        return process.ExitCode == 0;
    }
}
