using System.Diagnostics;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class LogDirectoriesTests : IDisposable
{
    private static readonly BrokerId s_one = new(1);
    private readonly TemporaryDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void A_new_directory_gets_an_owner_who_finds_it_again()
    {
        string clusterId;
        Guid directoryId;
        using (var first = Claim("data"))
        {
            clusterId = first.ClusterId;
            directoryId = Assert.Single(first.All).DirectoryId;
            Assert.Equal(22, clusterId.Length);
            Assert.Null(first.All[0].OfflineReason);
        }

        using var again = Claim("data");
        Assert.Equal(clusterId, again.ClusterId);
        Assert.Equal(directoryId, again.All[0].DirectoryId);
    }

    [Fact]
    public void A_second_broker_is_refused_while_the_first_runs()
    {
        using (Claim("data"))
        {
            var refusal = Assert.Throws<LogDirectoryException>(() => Claim("data"));
            Assert.Contains(_disk.In("data"), refusal.Message, StringComparison.Ordinal);
            Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
        }

        Claim("data").Dispose();
    }

    [Fact]
    public void A_directory_listed_twice_is_refused() =>
        Assert.Throws<LogDirectoryException>(() => Claim("data", "data/../data"));

    [Fact]
    public void A_refusal_leaves_no_lock_behind()
    {
        using (Claim("b"))
        {
            Assert.Throws<LogDirectoryException>(() => Claim("a", "b"));
        }

        Claim("a", "b").Dispose();
    }

    [Fact]
    public void The_lock_holds_between_processes_and_dies_with_its_process()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock of util-linux to play the other process");
        Claim("data").Dispose();
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["--no-fork", _disk.In("data", ".lock"), "sh", "-c", "echo locked; exec sleep 60"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            Assert.Equal("locked", other.StandardOutput.ReadLine());
            Assert.Throws<LogDirectoryException>(() => Claim("data"));
        }
        finally
        {
            other.Kill();
            Assert.True(other.WaitForExit(10_000));
        }

        using var claimed = Claim("data");
        using var third = Process.Start("/usr/bin/flock", ["--nonblock", _disk.In("data", ".lock"), "true"]);
        Assert.True(third.WaitForExit(10_000));
        Assert.Equal(1, third.ExitCode);
    }

    [Fact]
    public void Anothers_directory_is_refused()
    {
        Claim("data").Dispose();
        var node = Assert.Throws<LogDirectoryException>(() => LogDirectories.Claim(PhysicalFileSystem.Instance, [_disk.In("data")], new BrokerId(2), null));
        Assert.Contains("belongs to broker 1", node.Message, StringComparison.Ordinal);
        var cluster = Assert.Throws<LogDirectoryException>(() => LogDirectories.Claim(PhysicalFileSystem.Instance, [_disk.In("data")], s_one, "other"));
        Assert.Contains("belongs to cluster", cluster.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_added_later_joins_the_cluster_of_the_others()
    {
        string clusterId;
        using (var first = Claim("a"))
        {
            clusterId = first.ClusterId;
        }

        using var both = Claim("b", "a");
        Assert.Equal(clusterId, both.ClusterId);
        Assert.NotEqual(both.All[0].DirectoryId, both.All[1].DirectoryId);
    }

    [Fact]
    public void Directories_of_two_clusters_do_not_mix()
    {
        Claim("a").Dispose();
        Claim("b").Dispose();
        Assert.Throws<LogDirectoryException>(() => Claim("a", "b"));
    }

    [Fact]
    public void An_old_directory_of_version_0_is_brought_up_to_date()
    {
        Directory.CreateDirectory(_disk.In("data"));
        File.WriteAllText(_disk.In("data", MetaProperties.FileName), "version=0\nbroker.id=1\ncluster.id=old-cluster\n");
        using (var claimed = Claim("data"))
        {
            Assert.Equal("old-cluster", claimed.ClusterId);
        }

        Assert.True(MetaProperties.TryParse(File.ReadAllBytes(_disk.In("data", MetaProperties.FileName)), out var meta, out _));
        Assert.NotEqual(Guid.Empty, meta!.DirectoryId);
    }

    [Fact]
    public void A_damaged_owner_file_is_refused_and_not_replaced()
    {
        Directory.CreateDirectory(_disk.In("data"));
        File.WriteAllText(_disk.In("data", MetaProperties.FileName), "version=1\n");
        var refusal = Assert.Throws<LogDirectoryException>(() => Claim("data"));
        Assert.Contains("node.id is missing", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("version=1\n", File.ReadAllText(_disk.In("data", MetaProperties.FileName)));
    }

    [Fact]
    public void One_directory_that_fails_leaves_the_others_in_use()
    {
        File.WriteAllText(_disk.In("file"), "no directory");
        using (var claimed = Claim("file/inside", "data"))
        {
            Assert.NotNull(claimed.All[0].OfflineReason);
            Assert.Null(claimed.All[1].OfflineReason);
        }

        var refusal = Assert.Throws<LogDirectoryException>(() => Claim("file/inside"));
        Assert.Contains("No log directory can be used", refusal.Message, StringComparison.Ordinal);
    }

    private LogDirectories Claim(params string[] names) =>
        LogDirectories.Claim(PhysicalFileSystem.Instance, [.. names.Select(n => _disk.In(n))], s_one, null);
}
