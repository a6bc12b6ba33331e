using Samsa.Broker.Configuration;

namespace Samsa.Broker.Tests.Configuration;

public sealed class ConfigReferenceTests
{
    [Fact]
    public void The_page_says_what_the_table_says() => ReferencePage.ShouldBe("configs.md", ConfigReference.Render());
}
