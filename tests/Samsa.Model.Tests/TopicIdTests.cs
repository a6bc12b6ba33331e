using Samsa.Model;

namespace Samsa.Model.Tests;

public sealed class TopicIdTests
{
    [Fact]
    public void Text_form_is_the_one_Kafka_prints_and_parses_back()
    {
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAQ", TopicId.ClusterMetadata.ToString());
        for (var i = 0; i < 1000; i++)
        {
            var id = TopicId.Create();
            Assert.Equal(22, id.ToString().Length);
            Assert.NotEqual('-', id.ToString()[0]);
            Assert.True(TopicId.TryParse(id.ToString(), out var back));
            Assert.Equal(id, back);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQAA")]
    public void Other_texts_are_refused(string text) => Assert.False(TopicId.TryParse(text, out _));
}
