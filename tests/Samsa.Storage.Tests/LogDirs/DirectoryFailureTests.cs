using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class DirectoryFailureTests : IDisposable
{
    private static readonly IOException s_broken = new("Input/output error", 5);
    private readonly StoreFixture _fixture = new();
    private readonly List<string> _failed = [];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_directory_whose_disk_breaks_goes_out_of_use_with_its_logs_and_the_other_serves_on()
    {
        await using var open = await OpenAsync("a", "b");
        var broken = open.Store.CreateLog(new("orders", 0), TopicId.Create(), _fixture.Config);
        var sound = open.Store.CreateLog(new("orders", 1), TopicId.Create(), _fixture.Config);
        StoreFixture.Append(broken, "1");
        var path = _fixture.In("a");
        _fixture.Disk.Fault = (_, at) => at.StartsWith(path, StringComparison.Ordinal) ? s_broken : null;

        await Assert.ThrowsAsync<IOException>(async () => await open.Store.WhenDurableAsync(broken, new Offset(1), CancellationToken.None));
        await _fixture.UntilAsync(() => _failed.Count > 0, TimeSpan.FromSeconds(1));

        Assert.Equal([path], _failed);
        Assert.True(open.Store.IsOffline(new("orders", 0), out var reason));
        Assert.Contains("Input/output error", reason, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.KafkaStorageError, StoreFixture.TryAppend(broken, "2").Error);
        StoreFixture.Append(sound, "2");
        Assert.Equal(["2"], StoreFixture.Read(sound));
        Assert.Null(open.Store.Directories[1].OfflineReason);
    }

    [Fact]
    public async Task A_directory_that_is_gone_is_noticed_without_a_write()
    {
        await using var open = await OpenAsync("a");
        Directory.Move(_fixture.In("a"), _fixture.In("elsewhere"));
        await _fixture.UntilAsync(() => _failed.Count > 0, TimeSpan.FromSeconds(1));
        Assert.Contains("gone", open.Store.Directories[0].OfflineReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_no_reason()
    {
        await using var open = await OpenAsync("a");
        var log = open.Store.CreateLog(new("orders", 0), TopicId.Create(), _fixture.Config);
        var tried = 0;
        _fixture.Disk.Fault = (operation, at) =>
        {
            if (operation is not ("write" or "create"))
            {
                return null;
            }

            tried += at.EndsWith("probe", StringComparison.Ordinal) ? 1 : 0;
            return DiskWithFaults.Full;
        };
        await _fixture.UntilAsync(() => tried > 0, TimeSpan.FromSeconds(1));
        _fixture.Disk.Fault = static (_, _) => null;
        Assert.Empty(_failed);
        StoreFixture.Append(log, "1");
    }

    [Fact]
    public async Task A_store_none_of_whose_directories_can_be_read_does_not_open()
    {
        await using (await OpenAsync("a"))
        {
        }

        _fixture.Disk.Fault = static (operation, _) => operation == "delete" ? s_broken : null;
        var refused = await Assert.ThrowsAsync<LogDirectoryException>(() => OpenAsync("a"));
        Assert.Contains(_fixture.In("a"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_fails_has_the_directory_looked_at()
    {
        await using var open = await OpenAsync("a", "b");
        var log = open.Store.CreateLog(new("orders", 0), TopicId.Create(), _fixture.Config);
        var path = _fixture.In("a");
        _fixture.Disk.Fault = (_, at) => at.StartsWith(path, StringComparison.Ordinal) ? s_broken : null;
        Assert.Equal(ErrorCode.KafkaStorageError, StoreFixture.TryAppend(log, "1").Error);
        await _fixture.UntilAsync(() => _failed.Count > 0, TimeSpan.FromSeconds(1));
        Assert.True(log.IsOffline);
        Assert.Null(open.Store.DirectoryOf(log.Partition));
    }

    [Fact]
    public async Task A_new_log_goes_where_it_is_assigned_and_none_is_made_that_a_directory_out_of_use_may_hold()
    {
        await using var open = await OpenAsync("a", "b");
        var (a, b) = (open.Store.Directories[0].DirectoryId, open.Store.Directories[1].DirectoryId);
        for (var i = 0; i < 3; i++)
        {
            var log = open.Store.CreateLog(new("orders", i), TopicId.Create(), _fixture.Config, b);
            Assert.Equal(b, open.Store.DirectoryOf(log.Partition));
        }

        Assert.Null(open.Store.DirectoryOf(new("orders", 3)));
        Directory.Move(_fixture.In("b"), _fixture.In("elsewhere"));
        await _fixture.UntilAsync(() => _failed.Count > 0, TimeSpan.FromSeconds(1));

        Assert.Throws<IOException>(() => open.Store.CreateLog(new("orders", 3), TopicId.Create(), _fixture.Config, b));
        Assert.Throws<IOException>(() => open.Store.CreateLog(new("orders", 3), TopicId.Create(), _fixture.Config, DirectoryId.Migrating));
        foreach (var assigned in (Guid[])[a, DirectoryId.Unassigned])
        {
            var log = open.Store.CreateLog(new("orders", 3), TopicId.Create(), _fixture.Config, assigned);
            Assert.Equal(a, open.Store.DirectoryOf(log.Partition));
            open.Store.DeleteLog(log.Partition);
        }
    }

    private Task<OpenStore> OpenAsync(params string[] directories) =>
        _fixture.OpenAsync(options => options with { DirectoryFailed = directory => _failed.Add(directory.Path) }, directories);
}
