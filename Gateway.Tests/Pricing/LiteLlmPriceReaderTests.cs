using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Tests.Usage;
using static Gateway.Tests.Pricing.PriceTables;

namespace Gateway.Tests.Pricing;

public sealed class LiteLlmPriceReaderTests
{
    [Fact]
    public void A_model_of_the_price_map_has_the_shipped_price()
    {
        var deployment = Recorded("model-info-price-map");
        Assert.True(ShippedPrices.TryFind("gpt-4o", out var shipped));
        Assert.Equal(shipped.Prices, deployment.Prices);
        Assert.Equal(
            (shipped.MaxInputTokens, shipped.MaxOutputTokens, shipped.Mode),
            (deployment.MaxInputTokens, deployment.MaxOutputTokens, deployment.Mode)
        );
        Assert.Equal(
            ("gpt-4o", "gpt-4o", "openai/gpt-4o", "openai"),
            (deployment.ModelName, deployment.DeploymentId, deployment.UpstreamModel, deployment.Provider)
        );
        Assert.Equal(shipped.Supports, deployment.Supports);
        Assert.Equal(LiteLlmPriceOrigin.ModelInfo, deployment.PriceOrigin);
        Assert.Empty(deployment.UnusedPriceFields);
    }

    [Fact]
    public void Own_prices_and_bands_are_read() =>
        Assert.Equal(
            Table(
                """{"input":2000000,"input>128000":3000000,"input>200000":5000000,"cache_read":300000,"cache_read>200000":700000,"output":11000000,"output>128000":13000000,"output>200000":19000000}"""
            ),
            Recorded("model-info-tiers").Prices
        );

    [Fact]
    public void From_1_109_on_the_map_fills_in_what_the_admin_did_not_state()
    {
        var prices = Recorded("model-info-price-map-overridden").Prices;
        Assert.True(prices.TryGetRate(TokenClass.Input, ServiceTier.Default, 1, out var input, out _));
        Assert.True(prices.TryGetRate(TokenClass.CacheRead, ServiceTier.Default, 1, out var cacheRead, out _));
        Assert.Equal((2_000_000, 1_250_000), (input.PicoUsd, cacheRead.PicoUsd));
    }

    [Fact]
    public void In_1_81_own_prices_stand_alone()
    {
        var deployment = Recorded("1.81.13/model-info-price-map-overridden");
        Assert.Equal(Table("""{"input":2000000,"output":11000000}"""), deployment.Prices);
        Assert.Equal(LiteLlmPriceOrigin.LiteLlmParams, deployment.PriceOrigin);
    }

    [Fact]
    public void Null_prices_are_no_price_and_zero_is_free()
    {
        var unpriced = Recorded("model-info-unpriced");
        Assert.True(unpriced.Prices.IsEmpty);
        Assert.Equal(LiteLlmPriceOrigin.None, unpriced.PriceOrigin);
        Assert.True(Recorded("model-info-zero").Prices.IsFree);
    }

    [Fact]
    public void Items_are_read()
    {
        Assert.Equal(Table("""{"input":0,"output":0,"query":2000000000}"""), Recorded("model-info-rerank").Prices);
        Assert.Equal(Table("""{"input_second":100000000,"output_second":100000000}"""), Recorded("model-info-stt").Prices);
        Assert.True(
            Recorded("model-info-claude-map").Prices.TryGetRate(PricedItem.SearchMedium, ServiceTier.Default, 1, out var search, out _)
        );
        Assert.Equal(10_000_000_000, search.PicoUsd);
    }

    [Fact]
    public void A_model_that_makes_images_has_no_text_output_price()
    {
        var prices = Recorded("model-info-image").Prices;
        Assert.True(prices.TryGetRate(TokenClass.Output, ServiceTier.Default, 1, out var rate, out var fallbacks));
        Assert.Equal(40_000_000, rate.PicoUsd);
        Assert.Equal(PriceFallbacks.OutputAsOutputImage, fallbacks);
    }

    [Fact]
    public void Suffixes_combine_in_any_order() =>
        Assert.Equal(
            Table(
                """{"input@priority>200000":1000000,"input@flex>272000":2000000,"cache_write_1h>200000":3000000,"cache_write_12h@batch>272000":4000000}"""
            ),
            Read(
                """
                {"input_cost_per_token_priority_above_200k_tokens":1e-6,"input_cost_per_token_above_272k_tokens_flex":2e-6,
                 "cache_creation_input_token_cost_above_1hr_above_200k_tokens":3e-6,"cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches":4e-6}
                """
            ).Prices
        );

    [Fact]
    public void Steps_are_bands() =>
        Assert.Equal(
            Table("""{"input":50000,"output":400000,"input>256000":250000,"output>256000":2000000}"""),
            Read(
                """
                {"tiered_pricing":[{"input_cost_per_token":2.5e-07,"output_cost_per_token":2e-06,"range":[256000.0,1000000.0]},
                                   {"input_cost_per_token":5e-08,"output_cost_per_token":4e-07,"range":[0,256000.0]}]}
                """
            ).Prices
        );

    [Fact]
    public void Numbers_may_be_strings_and_limits_floats()
    {
        var deployment = Read(
            """{"input_cost_per_token":"2.5e-06","max_input_tokens":128000.0,"max_tokens":"4096","supports_vision":true,"supports_reasoning":null}"""
        );
        Assert.Equal(Table("""{"input":2500000}"""), deployment.Prices);
        Assert.Equal((128_000, 4096), (deployment.MaxInputTokens!.Value, deployment.MaxOutputTokens!.Value));
        Assert.Equal(["vision"], deployment.Supports);
    }

    [Fact]
    public void The_older_name_of_the_cache_price_counts_when_the_newer_is_missing()
    {
        Assert.Equal(Table("""{"cache_read":7}"""), Read("""{"input_cost_per_token_cache_hit":7e-12}""").Prices);
        Assert.Equal(
            Table("""{"cache_read":8}"""),
            Read("""{"cache_read_input_token_cost":8e-12,"input_cost_per_token_cache_hit":7e-12}""").Prices
        );
    }

    [Fact]
    public void Prices_that_no_charge_follows_are_named()
    {
        var deployment = Read(
            """{"output_cost_per_second_1080p":0.1,"code_interpreter_cost_per_session":0.03,"input_cost_per_token_ultrafast":null,"input_dbu_cost_per_token":0,"input_cost_per_token":-1}"""
        );
        Assert.True(deployment.Prices.IsEmpty);
        Assert.Equal(["output_cost_per_second_1080p", "code_interpreter_cost_per_session"], deployment.UnusedPriceFields);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model_name":null}""")]
    public void A_row_without_a_model_name_is_no_deployment(string json)
    {
        using var row = JsonDocument.Parse(json);
        Assert.False(LiteLlmPriceReader.TryRead(row.RootElement, out _));
    }

    [Theory]
    [InlineData("""{"model_name":"m"}""")]
    [InlineData("""{"model_name":"m","model_info":null,"litellm_params":[]}""")]
    [InlineData(
        """{"model_name":"m","model_info":{"max_input_tokens":{},"tiered_pricing":[1,{"range":[]},{"range":["x"]}],"search_context_cost_per_query":3}}"""
    )]
    public void A_strange_row_is_an_unpriced_deployment(string json)
    {
        using var row = JsonDocument.Parse(json);
        Assert.True(LiteLlmPriceReader.TryRead(row.RootElement, out var deployment));
        Assert.True(deployment.Prices.IsEmpty);
    }

    private static LiteLlmDeployment Read(string modelInfo)
    {
        using var row = JsonDocument.Parse($$"""{"model_name":"m","litellm_params":{},"model_info":{{modelInfo}}}""");
        Assert.True(LiteLlmPriceReader.TryRead(row.RootElement, out var deployment));
        return deployment;
    }

    private static LiteLlmDeployment Recorded(string name)
    {
        using var body = JsonDocument.Parse(LiteLlmRecording.Open(name).Body);
        Assert.True(LiteLlmPriceReader.TryRead(body.RootElement.GetProperty("data")[0], out var deployment));
        return deployment;
    }
}
