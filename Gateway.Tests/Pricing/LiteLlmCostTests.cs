using Gateway.Core.Pricing;

namespace Gateway.Tests.Pricing;

public sealed class LiteLlmCostTests
{
    [Theory]
    [InlineData("0.000214", 214_000L)]
    [InlineData("3.5e-06", 3_500L)]
    [InlineData(" 0.0 ", 0L)]
    [InlineData("5.099999999999999e-05", 51_000L)]
    [InlineData("", null)]
    [InlineData("None", null)]
    [InlineData("-1", null)]
    public void The_header_is_a_Python_float(string text, long? nanoUsd) => Assert.Equal(nanoUsd, LiteLlmCost.Parse(text)?.NanoUsd);

    [Fact]
    public void Contract_0_1_5_A_plain_answer_is_believed_by_its_header_not_by_the_providers_cost() =>
        Assert.Equal(Money.FromUsd(0.00015m), LiteLlmCost.Resolve("0.00015", isCacheHit: false, isStream: false, Money.FromUsd(0.00123m)));

    [Fact]
    public void Contract_0_1_5_A_stream_is_believed_by_its_usage_not_by_a_header() =>
        Assert.Equal(Money.FromUsd(0.0021m), LiteLlmCost.Resolve("2e-06", isCacheHit: false, isStream: true, Money.FromUsd(0.0021m)));

    [Fact]
    public void Contract_0_1_5_A_streamed_cache_hit_costs_nothing_whatever_its_usage_says() =>
        Assert.Equal(Money.Zero, LiteLlmCost.Resolve("0.0", isCacheHit: true, isStream: true, Money.FromUsd(0.00009m)));

    [Fact]
    public void Without_any_figure_nothing_is_known() =>
        Assert.Null(LiteLlmCost.Resolve(default, isCacheHit: false, isStream: false, Money.FromUsd(1)));
}
