using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class UsageEstimatorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(-1, 0)]
    [InlineData(long.MaxValue, TokenUsage.MaxCount)]
    public void Four_bytes_are_a_token_rounded_up(long bytes, long tokens) =>
        Assert.Equal(TokenUsage.OfText(tokens, tokens), UsageEstimator.Estimate(bytes, bytes));
}
