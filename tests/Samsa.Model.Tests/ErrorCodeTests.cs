using Samsa.Model;

namespace Samsa.Model.Tests;

public sealed class ErrorCodeTests
{
    [Fact]
    public void Every_code_is_described_once_and_by_its_own_name()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            Assert.True(ErrorCodes.All.ContainsKey(code));
            Assert.Equal(code.ToString(), code.Describe().Name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        }

        Assert.Equal(Enum.GetValues<ErrorCode>().Length, ErrorCodes.All.Count);
    }

    [Fact]
    public void An_unknown_number_is_an_unknown_error() =>
        Assert.Equal("UNKNOWN_SERVER_ERROR", ((ErrorCode)9999).Describe().Name);
}
