using Gateway.Core.Pricing;

namespace Gateway.Tests.Pricing;

public sealed class RateTests
{
    [Theory]
    [InlineData("2.5e-06", 2_500_000)]
    [InlineData("0.000011", 11_000_000)]
    [InlineData("1.0000000000000001e-07", 100_000)]
    [InlineData("2E-6", 2_000_000)]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("0.6", 600_000_000_000)]
    public void Dollars_per_unit_are_read_exactly(string text, long picoUsd)
    {
        Assert.True(Rate.TryParseUsd(text, out var rate));
        Assert.Equal(picoUsd, rate.PicoUsd);
    }

    [Theory]
    [InlineData("-0.000001")]
    [InlineData("1000001")]
    [InlineData("null")]
    public void A_rate_below_zero_or_beyond_reason_is_refused(string text) => Assert.False(Rate.TryParseUsd(text, out _));

    [Fact]
    public void A_double_means_the_shortest_text_that_is_this_double()
    {
        Assert.True(Rate.TryFromDouble(3.5e-06, out var rate));
        Assert.Equal(3_500_000, rate.PicoUsd);
        Assert.False(Rate.TryFromDouble(double.NaN, out _));
    }

    [Fact]
    public void The_text_of_a_rate_has_no_exponent() => Assert.Equal("0.0000025", Rate.FromPicoUsd(2_500_000).ToString());

    [Theory]
    [InlineData("input")]
    [InlineData("cache_write_1h")]
    [InlineData("output@priority")]
    [InlineData("input>200000")]
    [InlineData("input@flex>272000")]
    [InlineData("page@batch")]
    [InlineData("input_character>128000")]
    public void A_rate_key_survives_its_text(string text)
    {
        Assert.True(RateKey.TryParse(text, out var key));
        Assert.Equal(text, key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("inputs")]
    [InlineData("input@")]
    [InlineData("input@turbo")]
    [InlineData("input@default")]
    [InlineData("input>")]
    [InlineData("input>0")]
    [InlineData("input>-1")]
    [InlineData("input>1e5")]
    [InlineData("input>200000@flex")]
    public void A_rate_key_we_do_not_know_is_refused(string text) => Assert.False(RateKey.TryParse(text, out _));
}
