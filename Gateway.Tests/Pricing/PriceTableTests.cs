using System.Text.Json;
using Gateway.Core.Pricing;
using static Gateway.Tests.Pricing.PriceTables;

namespace Gateway.Tests.Pricing;

public sealed class PriceTableTests
{
    [Theory]
    [InlineData(TokenClass.Reasoning, 20, PriceFallbacks.ReasoningAsOutput)]
    [InlineData(TokenClass.CacheRead, 10, PriceFallbacks.CacheReadAsInput)]
    [InlineData(TokenClass.CacheWrite, 10, PriceFallbacks.CacheWriteAsInput)]
    [InlineData(TokenClass.CacheWrite1h, 10, PriceFallbacks.CacheWriteAsInput | PriceFallbacks.LongCacheWriteAsCacheWrite)]
    [InlineData(TokenClass.InputAudio, 10, PriceFallbacks.InputMediaAsInput)]
    [InlineData(TokenClass.InputImage, 10, PriceFallbacks.InputMediaAsInput)]
    [InlineData(TokenClass.OutputAudio, 20, PriceFallbacks.OutputMediaAsOutput)]
    [InlineData(TokenClass.OutputImage, 20, PriceFallbacks.OutputMediaAsOutput)]
    [InlineData(TokenClass.Input, 10, PriceFallbacks.None)]
    public void A_class_without_a_price_takes_its_stand_ins_and_says_so(TokenClass tokenClass, long picoUsd, PriceFallbacks expected)
    {
        var table = Table("""{"input":10,"output":20}""");
        Assert.True(table.TryGetRate(tokenClass, ServiceTier.Default, 1, out var rate, out var fallbacks));
        Assert.Equal(picoUsd, rate.PicoUsd);
        Assert.Equal(expected, fallbacks);
    }

    [Fact]
    public void An_hour_in_the_cache_falls_back_to_five_minutes_before_input()
    {
        var table = Table("""{"input":10,"cache_write":12,"output":20}""");
        Assert.True(table.TryGetRate(TokenClass.CacheWrite1h, ServiceTier.Default, 1, out var rate, out var fallbacks));
        Assert.Equal(12, rate.PicoUsd);
        Assert.Equal(PriceFallbacks.LongCacheWriteAsCacheWrite, fallbacks);
    }

    [Fact]
    public void A_stated_zero_is_a_price_and_takes_no_stand_in()
    {
        var table = Table("""{"input":10,"cache_read":0,"output":20}""");
        Assert.True(table.TryGetRate(TokenClass.CacheRead, ServiceTier.Default, 1, out var rate, out var fallbacks));
        Assert.Equal(Rate.Zero, rate);
        Assert.Equal(PriceFallbacks.None, fallbacks);
    }

    [Theory]
    [InlineData(128_000, 10)]
    [InlineData(128_001, 11)]
    [InlineData(200_000, 11)]
    [InlineData(200_001, 12)]
    [InlineData(long.MaxValue, 12)]
    public void The_highest_band_strictly_below_the_prompt_holds(long promptTokens, long picoUsd)
    {
        var table = Table("""{"input":10,"input>200000":12,"input>128000":11}""");
        Assert.True(table.TryGetRate(TokenClass.Input, ServiceTier.Default, promptTokens, out var rate, out _));
        Assert.Equal(picoUsd, rate.PicoUsd);
        Assert.Equal([128_000, 200_000], table.ContextBands);
    }

    [Fact]
    public void A_class_missing_in_the_band_keeps_its_base_rate()
    {
        var table = Table("""{"input":10,"input>200000":12,"cache_read":1}""");
        Assert.True(table.TryGetRate(TokenClass.CacheRead, ServiceTier.Default, 250_000, out var rate, out var fallbacks));
        Assert.Equal(1, rate.PicoUsd);
        Assert.Equal(PriceFallbacks.BandAsBase, fallbacks);
    }

    [Fact]
    public void A_missing_service_tier_is_the_default_one()
    {
        var table = Table("""{"input":10,"output":20,"output@priority":40}""");
        Assert.True(table.TryGetRate(TokenClass.Input, ServiceTier.Priority, 1, out var input, out var inputFallbacks));
        Assert.True(table.TryGetRate(TokenClass.Reasoning, ServiceTier.Priority, 1, out var reasoning, out var reasoningFallbacks));
        Assert.Equal(10, input.PicoUsd);
        Assert.Equal(PriceFallbacks.ServiceTierAsDefault, inputFallbacks);
        Assert.Equal(40, reasoning.PicoUsd);
        Assert.Equal(PriceFallbacks.ReasoningAsOutput, reasoningFallbacks);
    }

    [Fact]
    public void In_a_band_the_default_tier_of_the_band_comes_before_the_tiers_own_base_rate()
    {
        var table = Table("""{"input":10,"input@flex":5,"input>200000":12}""");
        Assert.True(table.TryGetRate(TokenClass.Input, ServiceTier.Flex, 250_000, out var rate, out var fallbacks));
        Assert.Equal(12, rate.PicoUsd);
        Assert.Equal(PriceFallbacks.ServiceTierAsDefault, fallbacks);
    }

    [Fact]
    public void A_class_without_any_price_is_unpriced()
    {
        Assert.False(Table("""{"image":10}""").TryGetRate(TokenClass.Input, ServiceTier.Default, 1, out _, out var fallbacks));
        Assert.Equal(PriceFallbacks.Unpriced, fallbacks);
    }

    [Fact]
    public void Empty_free_and_priced_are_three_different_things()
    {
        var free = Table("""{"input":0,"output":0}""");
        Assert.True(PriceTable.Empty.IsEmpty && !PriceTable.Empty.IsFree && !PriceTable.Empty.HasTokenPrice);
        Assert.True(!free.IsEmpty && free.IsFree && free.HasTokenPrice);
        Assert.False(Table("""{"query":5}""").HasTokenPrice);
        Assert.False(PriceTable.FromUsdPerToken(0.000001m, 0).IsFree);
    }

    [Fact]
    public void The_dearest_rate_looks_over_all_bands_and_tiers_unless_the_tier_is_fixed()
    {
        var table = Table("""{"input":10,"input>200000":12,"input@priority":30,"input@flex":5,"output":20}""");
        Assert.Equal(30, table.DearestRate(TokenClass.Input)!.Value.PicoUsd);
        Assert.Equal(12, table.DearestRate(TokenClass.Input, ServiceTier.Flex)!.Value.PicoUsd);
        Assert.Equal(20, table.DearestRate(TokenClass.Reasoning)!.Value.PicoUsd);
        Assert.Null(table.DearestRate(PricedItem.Query));
    }

    [Fact]
    public void Search_sizes_and_seconds_stand_in_for_one_another()
    {
        var table = Table("""{"search_high":9,"output_second":4}""");
        Assert.True(table.TryGetRate(PricedItem.SearchMedium, ServiceTier.Default, 1, out var search, out var fallbacks));
        Assert.True(table.TryGetRate(PricedItem.InputSecond, ServiceTier.Default, 1, out var second, out _));
        Assert.Equal((9, 4), (search.PicoUsd, second.PicoUsd));
        Assert.Equal(PriceFallbacks.ItemAsKindred, fallbacks);
    }

    [Fact]
    public void A_table_survives_its_JSON_in_both_units()
    {
        var table = Table(
            """{"input":2500000,"input@priority":4250000,"input>200000":1,"cache_write_1h":6000000,"search_low":35000000000}"""
        );
        Assert.Equal(
            """{"input":2500000,"input@priority":4250000,"input>200000":1,"cache_write_1h":6000000,"search_low":35000000000}""",
            table.ToJson()
        );
        Assert.Equal(
            """{"input":0.0000025,"input@priority":0.00000425,"input>200000":0.000000000001,"cache_write_1h":0.000006,"search_low":0.035}""",
            table.ToJson(RateUnit.Usd)
        );
        Assert.True(PriceTableJson.TryParse(table.ToJson(RateUnit.Usd), RateUnit.Usd, out var again, out _));
        Assert.Equal(table, again);
        Assert.Equal(table.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("""{"input":-1}""")]
    [InlineData("""{"input":1.5}""")]
    [InlineData("""{"input":"1"}""")]
    [InlineData("""{"inputs":1}""")]
    [InlineData("""{"input":1""")]
    [InlineData("""[1]""")]
    [InlineData("""{"input":1}}""")]
    [InlineData("")]
    public void Rates_that_cannot_be_meant_are_refused_with_a_text(string json)
    {
        Assert.False(PriceTableJson.TryParse(json, RateUnit.PicoUsd, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_null_rate_is_unstated() => Assert.True(Table("""{"input":null}""").IsEmpty);

    [Fact]
    public void The_converter_reads_and_writes_pico_dollars()
    {
        var options = new JsonSerializerOptions { Converters = { new PriceTableJsonConverter() } };
        var table = JsonSerializer.Deserialize<PriceTable>("""{"input":7}""", options)!;
        Assert.Equal("""{"input":7}""", JsonSerializer.Serialize(table, options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<PriceTable>("""{"input":"x"}""", options));
    }
}
