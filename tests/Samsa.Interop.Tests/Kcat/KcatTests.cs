using System.Text.Json;

namespace Samsa.Interop.Tests.Kcat;

/// <summary>kcat 1.7.1 with librdkafka 2.0.2, as Debian ships it: what people type first.</summary>
public sealed class KcatTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task What_it_produces_it_consumes(string codec)
    {
        string topic = TopicName();
        string lines = string.Concat(Enumerable.Range(0, 1000).Select(i => $"line {i} of a text that repeats and repeats and repeats\n"));

        await KcatProcess.RunAsync(lines, "-b", Bootstrap, "-P", "-t", topic, "-p", "0", "-z", codec);
        string read = await KcatProcess.RunAsync("", "-b", Bootstrap, "-C", "-e", "-q", "-o", "beginning", "-t", topic, "-p", "0");

        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task Keys_and_headers_come_back()
    {
        string topic = TopicName();

        await KcatProcess.RunAsync("k1:v1\nk2:v2\n:v3\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0", "-K:", "-H", "trace=abc", "-H", "n=1");
        string read = await KcatProcess.RunAsync("", "-b", Bootstrap, "-C", "-e", "-q", "-o", "beginning", "-t", topic, "-p", "0", "-f", "%o %k %s %h\n");

        Assert.Equal("0 k1 v1 trace=abc,n=1\n1 k2 v2 trace=abc,n=1\n2  v3 trace=abc,n=1\n", read);
    }

    [Fact]
    public async Task Null_values_come_back_as_null()
    {
        string topic = TopicName();

        await KcatProcess.RunAsync("gone:\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0", "-K:", "-Z");
        string read = await KcatProcess.RunAsync("", "-b", Bootstrap, "-C", "-e", "-q", "-o", "beginning", "-t", topic, "-p", "0", "-f", "%k %S\n");

        Assert.Equal("gone -1\n", read);
    }

    [Fact]
    public async Task It_lists_brokers_and_topics()
    {
        string topic = TopicName();
        await KcatProcess.RunAsync("x\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0");

        string listing = await KcatProcess.RunAsync("", "-b", Bootstrap, "-L", "-J");

        using JsonDocument json = JsonDocument.Parse(listing);
        JsonElement node = Assert.Single(json.RootElement.GetProperty("brokers").EnumerateArray());
        Assert.Equal((1, Bootstrap), (node.GetProperty("id").GetInt32(), node.GetProperty("name").GetString()));
        Assert.Equal(1, json.RootElement.GetProperty("controllerid").GetInt32());
        JsonElement found = Assert.Single(json.RootElement.GetProperty("topics").EnumerateArray(), t => t.GetProperty("topic").GetString() == topic);
        Assert.Equal(1, found.GetProperty("partitions")[0].GetProperty("leader").GetInt32());
    }

    [Fact]
    public async Task It_finds_offsets_by_time()
    {
        string topic = TopicName();
        await KcatProcess.RunAsync("a\nb\nc\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0");

        string beginning = await KcatProcess.RunAsync("", "-b", Bootstrap, "-Q", "-t", $"{topic}:0:-2");
        string end = await KcatProcess.RunAsync("", "-b", Bootstrap, "-Q", "-t", $"{topic}:0:-1");
        string byTime = await KcatProcess.RunAsync("", "-b", Bootstrap, "-Q", "-t", $"{topic}:0:1000");

        Assert.Equal($"{topic} [0] offset 0\n", beginning);
        Assert.Equal($"{topic} [0] offset 3\n", end);
        Assert.Equal($"{topic} [0] offset 0\n", byTime);
    }

    [Fact]
    public async Task It_reads_the_last_records_and_from_an_offset()
    {
        string topic = TopicName();
        await KcatProcess.RunAsync("a\nb\nc\nd\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0");

        string last = await KcatProcess.RunAsync("", "-b", Bootstrap, "-C", "-e", "-q", "-o", "-1", "-t", topic, "-p", "0");
        string rest = await KcatProcess.RunAsync("", "-b", Bootstrap, "-C", "-e", "-q", "-o", "2", "-t", topic, "-p", "0");

        Assert.Equal("d\n", last);
        Assert.Equal("c\nd\n", rest);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_stopped()
    {
        string topic = TopicName();
        await KcatProcess.RunAsync("a\nb\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0");

        string first = await KcatProcess.RunAsync("", "-b", Bootstrap, "-X", "auto.offset.reset=earliest", "-e", "-q", "-G", $"group-{topic}", topic);
        await KcatProcess.RunAsync("c\n", "-b", Bootstrap, "-P", "-t", topic, "-p", "0");
        string second = await KcatProcess.RunAsync("", "-b", Bootstrap, "-X", "auto.offset.reset=earliest", "-e", "-q", "-G", $"group-{topic}", topic);

        Assert.Equal("a\nb\n", first);
        Assert.Equal("c\n", second);
    }
}
