using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Pricing;

namespace Gateway.Tests.Pricing;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0.000214", 214_000)]
    [InlineData("3.5e-06", 3_500)]
    [InlineData("5.099999999999999e-05", 51_000)]
    [InlineData("1E+2", 100_000_000_000)]
    [InlineData("0.0", 0)]
    [InlineData("-0.5", -500_000_000)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    public void Decimal_text_is_read_exactly(string text, long nanoUsd)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal(nanoUsd, money.NanoUsd);
    }

    [Theory]
    [InlineData("0.0000000005", 1)]
    [InlineData("0.00000000049999999999999999999999999", 0)]
    [InlineData("1.5e-9", 2)]
    [InlineData("-0.0000000005", -1)]
    [InlineData("1e-400", 0)]
    public void What_is_finer_than_a_nano_dollar_is_rounded_half_up(string text, long nanoUsd)
    {
        Assert.True(Money.TryParse(text, out var money));
        Assert.Equal(nanoUsd, money.NanoUsd);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("None")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("9223372036.854775808")]
    [InlineData("1e400")]
    [InlineData("\u0661")]
    public void Text_that_is_no_amount_in_range_is_refused(string text) => Assert.False(Money.TryParse(text, out _));

    [Fact]
    public void Dollars_are_rounded_half_up_to_nano_dollars()
    {
        Assert.Equal(1, Money.FromUsd(0.0000000005m).NanoUsd);
        Assert.Equal(0, Money.FromUsd(0.00000000049m).NanoUsd);
        Assert.Equal(-1, Money.FromUsd(-0.0000000005m).NanoUsd);
    }

    [Fact]
    public void An_amount_out_of_range_throws()
    {
        Assert.Throws<OverflowException>(() => Money.FromUsd(10_000_000_000m));
        Assert.Throws<OverflowException>(() => Money.FromUsd(decimal.MaxValue));
        Assert.Throws<OverflowException>(() => Money.MaxValue + Money.FromNanoUsd(1));
        Assert.Throws<OverflowException>(() => Money.MaxValue * 2);
        Assert.Throws<OverflowException>(() => Money.FromNanoUsd(long.MinValue) - Money.FromNanoUsd(1));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.000000001")]
    [InlineData(1_750, "0.00000175")]
    [InlineData(1_000_000_000, "1")]
    [InlineData(12_500_000_000, "12.5")]
    [InlineData(-10, "-0.00000001")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    [InlineData(long.MinValue, "-9223372036.854775808")]
    public void Text_and_JSON_are_the_shortest_plain_decimal(long nanoUsd, string text)
    {
        Assert.Equal(text, Money.FromNanoUsd(nanoUsd).ToString());
        Assert.Equal(text, JsonSerializer.Serialize(Money.FromNanoUsd(nanoUsd)));
    }

    [Fact]
    public void Every_amount_survives_text_JSON_and_decimal() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<long>(),
                nanoUsd =>
                {
                    var money = Money.FromNanoUsd(nanoUsd);
                    return nanoUsd == long.MinValue
                        || (
                            Money.Parse(money.ToString()) == money
                            && JsonSerializer.Deserialize<Money>(JsonSerializer.Serialize(money)) == money
                            && Money.FromUsd(money.ToUsd()) == money
                        );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void JSON_numbers_with_exponents_and_decimal_strings_are_read()
    {
        Assert.Equal(3_500, JsonSerializer.Deserialize<Money>("3.5e-06").NanoUsd);
        Assert.Equal(3_500, JsonSerializer.Deserialize<Money>("\"0.0000035\"").NanoUsd);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Money>("true"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Money>("1e99"));
    }
}
