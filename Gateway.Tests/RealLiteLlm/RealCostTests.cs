namespace Gateway.Tests.RealLiteLlm;

/// <summary>Our charge against LiteLLM's own figure, for every way a price can be told and every class of tokens.</summary>
[Collection(RealLiteLlmTests.Name)]
public sealed class RealCostTests(RealHub real)
{
    private static readonly string[] Priced =
    [
        "chat",
        "chat-mi",
        "gpt-4o",
        "chat-base-model",
        "pool",
        "bareusage",
        "nullid",
        "comments",
        "no-done",
        "usage-each",
        "tools",
        "cached-full",
        "cached-io",
        "cached-mi-full",
        "cached-mi-io",
        "cached-map",
        "cached-map-io",
        "cached-map-mi-io",
        "cachewrite-full",
        "cachewrite-io",
        "reasoning-full",
        "reasoning-io",
        "cachedreasoning-full",
        "audio-full",
        "audio-io",
        "imagein-full",
        "prediction-io",
        "long-tiers",
        "long150-tiers",
        "longcached-tiers",
        "deepseek",
        "provider-cost",
        "gemini-cached",
        "claude",
        "claude-map",
        "claude-cache-full",
        "claude-cache-io",
        "claude-cache5m-full",
        "claude-cachemin-full",
        "claude-long-tiers",
        "claude-search",
        "claude-thinking",
        "claude-tools",
    ];

    public static IEnumerable<object[]> PricedCalls => Priced.SelectMany(model => new[] { new object[] { model, false }, [model, true] });

    [RealLiteLlmTheory]
    [MemberData(nameof(PricedCalls))]
    public async Task Our_charge_is_what_LiteLlm_says_it_cost(string model, bool stream)
    {
        var record = await (await real.ChatAsync(model, stream)).RecordAsync();
        Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
        Assert.Equal(record.UpstreamCostNanoUsd, record.TotalCostNanoUsd);
    }

    [RealLiteLlmTheory]
    [InlineData("flex", false)]
    [InlineData("flex", true)]
    [InlineData("priority", false)]
    [InlineData("priority", true)]
    [InlineData("default", false)]
    public async Task The_service_tier_prices_the_call(string tier, bool stream)
    {
        var record = await (await real.ChatAsync("service-tiers", stream, change: body => body["service_tier"] = tier)).RecordAsync();
        Assert.Equal(tier, record.ServiceTier);
        Assert.Equal(record.UpstreamCostNanoUsd, record.TotalCostNanoUsd);
    }

    [RealLiteLlmTheory]
    [InlineData("chat-unpriced")]
    [InlineData("chat-zero")]
    public async Task What_has_no_price_costs_nothing(string model)
    {
        var record = await (await real.ChatAsync(model)).RecordAsync();
        Assert.Equal((20, 0), (record.Usage.Input, record.TotalCostNanoUsd));
    }

    [RealLiteLlmFact]
    public async Task A_plain_answer_without_usage_is_estimated_where_LiteLlm_counts_nothing()
    {
        var record = await (await real.ChatAsync("nousage")).RecordAsync();
        Assert.Equal(("estimated", 0), (record.UsageSource, record.UpstreamCostNanoUsd));
        Assert.True(record.TotalCostNanoUsd > 0);
    }
}
