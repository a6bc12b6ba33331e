using System.Text;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class MetaPropertiesTests
{
    [Fact]
    public void Reads_what_Kafka_wrote()
    {
        var text = "#\n#Sun Nov 22 20:47:12 UTC 2026\nnode.id=1\ndirectory.id=wtj9qTDHfjf0c3wZLCzkDw\nversion=1\ncluster.id=IjtZkrR2R4WcCileSzTyRw\n"u8;
        Assert.True(MetaProperties.TryParse(text, out var parsed, out _));
        Assert.Equal("IjtZkrR2R4WcCileSzTyRw", parsed!.ClusterId);
        Assert.Equal(new BrokerId(1), parsed.NodeId);
        Assert.Equal("wtj9qTDHfjf0c3wZLCzkDw", MetaProperties.IdText(parsed.DirectoryId));
    }

    [Fact]
    public void Reads_version_0_which_names_the_broker_otherwise()
    {
        Assert.True(MetaProperties.TryParse("version=0\nbroker.id=7\ncluster.id=abc\n"u8, out var parsed, out _));
        Assert.Equal(new MetaProperties("abc", new BrokerId(7), Guid.Empty), parsed);
        Assert.True(MetaProperties.TryParse("version=0\nbroker.id=7\n"u8, out parsed, out _));
        Assert.Null(parsed!.ClusterId);
    }

    [Fact]
    public void Writes_what_it_reads()
    {
        var properties = new MetaProperties("q1Sh-9_ZS2-nlfiQaiOmEg", new BrokerId(12), MetaProperties.NewId());
        Assert.True(MetaProperties.TryParse(properties.Format(), out var back, out var reason), reason);
        Assert.Equal(properties, back);
    }

    [Fact]
    public void Escapes_and_spaces_of_Java_properties_are_understood()
    {
        Assert.True(MetaProperties.TryParse("! note\r\n version : 1\r\n node.id = 3 \r\ncluster.id=a\\:b\\=c\r\n"u8, out var parsed, out _));
        Assert.Equal(new MetaProperties("a:b=c", new BrokerId(3), Guid.Empty), parsed);
    }

    [Theory]
    [InlineData("version=2\nnode.id=1\ncluster.id=x", "version=2")]
    [InlineData("version=1\ncluster.id=x", "node.id")]
    [InlineData("version=1\nnode.id=-1\ncluster.id=x", "node.id")]
    [InlineData("version=1\nnode.id=one\ncluster.id=x", "node.id")]
    [InlineData("version=1\nnode.id=1", "cluster.id")]
    [InlineData("version=1\nnode.id=1\ncluster.id=x\ndirectory.id=short", "directory.id")]
    [InlineData("", "broker.id")]
    public void A_file_that_names_no_owner_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(MetaProperties.TryParse(Encoding.UTF8.GetBytes(text), out _, out var said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
