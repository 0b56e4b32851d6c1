using Gateway.Core.Pricing;

namespace Gateway.Tests.Pricing;

public sealed class ShippedPricesTests
{
    [Fact]
    public void A_model_is_found_with_its_price_limits_and_abilities()
    {
        Assert.True(ShippedPrices.TryFind("gpt-4o", out var price));
        Assert.Equal(("gpt-4o", "openai", "chat"), (price.Name, price.Provider, price.Mode));
        Assert.Equal((128_000L, 16_384L), (price.MaxInputTokens!.Value, price.MaxOutputTokens!.Value));
        Assert.Contains("vision", price.Supports);
        Assert.True(price.Prices.TryGetRate(TokenClass.CacheRead, ServiceTier.Priority, 1, out var rate, out _));
        Assert.Equal(2_125_000, rate.PicoUsd);
    }

    [Fact]
    public void A_provider_prefix_is_left_out_when_the_whole_name_has_no_row()
    {
        Assert.True(ShippedPrices.TryFind("openai/gpt-4o", out var price));
        Assert.Equal("gpt-4o", price.Name);
    }

    [Fact]
    public void A_name_with_a_row_of_its_own_keeps_it()
    {
        Assert.True(ShippedPrices.TryFind("azure/gpt-4o", out var price));
        Assert.Equal(("azure/gpt-4o", "azure", new DateOnly(2027, 4, 14)), (price.Name, price.Provider, price.Deprecated!.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("openai/")]
    [InlineData("mock-chat")]
    [InlineData("openai/mock-chat")]
    [InlineData("models")]
    [InlineData("source")]
    [InlineData("gpt-4o\"")]
    [InlineData("GPT-4O")]
    public void A_name_without_a_row_is_not_found(string name) => Assert.False(ShippedPrices.TryFind(name, out _));

    [Fact]
    public void A_name_longer_than_any_is_not_found() => Assert.False(ShippedPrices.TryFind(new string('x', 10_000), out _));

    [Fact]
    public void A_model_priced_by_steps_is_unpriced_here_and_says_why()
    {
        Assert.True(ShippedPrices.TryFind("dashscope/qwen3-coder-plus", out var price));
        Assert.True(price.IsStepPriced);
        Assert.True(price.Prices.IsEmpty);
    }

    [Fact]
    public void Every_row_of_the_list_is_found_and_readable()
    {
        var names = ShippedPrices.Names.ToList();
        Assert.Equal(4552, names.Count);
        Assert.Equal(names.Count, ShippedPrices.Count);
        foreach (var name in names)
        {
            Assert.True(ShippedPrices.TryFind(name, out var price), name);
            Assert.Equal(name, price.Name);
        }
    }

    [Fact]
    public void The_index_takes_every_model_of_the_file()
    {
        using var stream = typeof(ShippedPrices).Assembly.GetManifestResourceStream("Gateway.Core.Pricing.prices.json")!;
        using var json = System.Text.Json.JsonDocument.Parse(stream);
        Assert.Equal(json.RootElement.GetProperty("models").EnumerateObject().Select(model => model.Name), ShippedPrices.Names);
    }
}
