using CsCheck;
using Samsa.Broker.Configuration;

namespace Samsa.Broker.Tests.Configuration;

public sealed class PropertiesFileTests
{
    private static (string, string) Only(string text)
    {
        var entry = Assert.Single(PropertiesFile.Parse(text));
        return (entry.Name, entry.Value);
    }

    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("a:b", "a", "b")]
    [InlineData("a b", "a", "b")]
    [InlineData("  a \t= b ", "a", "b ")]
    [InlineData("a = = b", "a", "= b")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("a=b # not a comment", "a", "b # not a comment")]
    [InlineData("a\\ b\\=c\\:d=e", "a b=c:d", "e")]
    [InlineData("a=C:\\\\x\\ty\\u00e9\\q", "a", "C:\\x\tyéq")]
    [InlineData("a=b,\\\n    c,\\\r\n  d", "a", "b,c,d")]
    [InlineData("a=b\\\\", "a", "b\\")]
    [InlineData("a=b\\", "a", "b")]
    [InlineData("a=\\u12", "a", "u12")]
    public void One_entry_is_read_as_Java_reads_it(string text, string name, string value) =>
        Assert.Equal((name, value), Only(text));

    [Fact]
    public void Comments_and_blank_lines_count_for_line_numbers_only()
    {
        var entries = PropertiesFile.Parse("# c\\\n! d\n\n  \n a=1\nb=\\\n 2\n  # e\nc=3");
        Assert.Equal([("a", "1", 5), ("b", "2", 6), ("c", "3", 9)], entries.Select(e => (e.Name, e.Value, e.Line)));
    }

    [Fact]
    public void Any_text_can_be_read() => Gen.String[Gen.Char["ab=: \t\\\n\r#!u0"], 0, 40].Sample(text => PropertiesFile.Parse(text).Count <= 40);
}
