using Samsa.Core.Groups.Consumer;

namespace Samsa.Core.Tests.Groups;

public sealed class TopicRegexTests
{
    [Theory]
    [InlineData("^topic.*", "topic-1", true)]
    [InlineData("topic", "topic-1", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("(?P<name>[[:alpha:]]+)-[[:digit:]]", "abc-1", true)]
    [InlineData("[]a]+", "a]", true)]
    [InlineData(@"\Qa.b\E.", "a.bc", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData("(?i)TOPIC", "topic", true)]
    public void A_pattern_matches_whole_names_as_RE2_does(string pattern, string topic, bool expected) =>
        Assert.Equal(expected, TopicRegex.TryParse(pattern, out _)?.IsMatch(topic) ?? false);

    [Theory]
    [InlineData("(")]
    [InlineData("a)(b")]
    [InlineData("*")]
    [InlineData("(?=a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("(a{1000}){1000}")]
    public void What_RE2_refuses_is_refused(string pattern)
    {
        Assert.Null(TopicRegex.TryParse(pattern, out var problem));
        Assert.NotEmpty(problem);
    }
}
