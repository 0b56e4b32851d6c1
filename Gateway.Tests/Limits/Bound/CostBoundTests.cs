using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using Gateway.Limits.Bound;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

/// <summary>At which rates a call is held. Bodies are padded to 1,000 bytes, so 1,000 tokens in; 10 tokens out.</summary>
public sealed class CostBoundTests
{
    [Theory]
    [InlineData("""{"input":1000,"output":4000}""", 1_000 + 40)]
    [InlineData("""{"input":1000,"output":4000,"cache_read":100,"cache_write":1250}""", 1_250 + 40)]
    [InlineData("""{"input":1000,"output":4000,"cache_write":1250,"cache_write_1h":2000}""", 2_000 + 40)]
    [InlineData("""{"input":1000,"output":4000,"cache_read":3000}""", 3_000 + 40)]
    [InlineData("""{"input":1000,"output":4000,"reasoning":6000}""", 1_000 + 60)]
    [InlineData("""{"input":1000,"output":4000,"request":7000}""", 1_000 + 40 + 7)]
    [InlineData(
        """{"input":1000,"output":4000,"input_audio":9000,"input_image":9000,"input_video":9000,"image_in":9000,"search_high":9000}""",
        1_000 + 40
    )]
    [InlineData("""{"input":1000,"output":4000,"output_image":90000}""", 1_000 + 900)]
    [InlineData("""{"input":1000,"output":4000,"output_audio":90000}""", 1_000 + 900)]
    [InlineData("""{"input":1,"output":1}""", 2)]
    public void The_dearest_class_of_a_text_chat_is_held(string rates, long nanoUsd) =>
        Assert.Equal(Money.FromNanoUsd(nanoUsd), Of(Padded(Chat(more: ""","max_tokens":10""")), Priced(rates)).Cost);

    [Theory]
    [InlineData("", 3_000 + 80)]
    [InlineData(""","service_tier":"auto" """, 3_000 + 80)]
    [InlineData(""","service_tier":"scale" """, 3_000 + 80)]
    [InlineData(""","service_tier":null""", 3_000 + 80)]
    [InlineData(""","service_tier":7""", 3_000 + 80)]
    [InlineData(""","service_tier":"priority" """, 2_000 + 80)]
    [InlineData(""","service_tier":"default" """, 1_000 + 40)]
    [InlineData(""","service_tier":"d\u0065fault" """, 1_000 + 40)]
    [InlineData(""","service_tier":"flex" """, 1_000 + 40)]
    public void A_service_tier_that_the_request_does_not_fix_is_held_at_the_dearest(string more, long nanoUsd)
    {
        var prices =
            """{"input":1000,"output":4000,"input@priority":2000,"output@priority":8000,"input@flex":500,"output@flex":2000,"input@batch":3000,"output@batch":8000}""";
        Assert.Equal(Money.FromNanoUsd(nanoUsd), Of(Padded(Chat(more: ""","max_tokens":10""" + more)), Priced(prices)).Cost);
    }

    [Theory]
    [InlineData("""{"input":1000,"output":4000,"input>999":2000,"output>999":8000}""", 2_000 + 80)]
    [InlineData("""{"input":1000,"output":4000,"input>1000":2000,"output>1000":8000}""", 1_000 + 40)]
    [InlineData("""{"input":1000,"output":4000,"input>500":900,"output>500":3000}""", 1_000 + 40)]
    [InlineData("""{"input":1000,"output":4000,"input>200":900,"output>200":90000}""", 900 + 900)]
    public void Every_context_band_that_the_prompt_can_reach_is_looked_at(string rates, long nanoUsd) =>
        Assert.Equal(Money.FromNanoUsd(nanoUsd), Of(Padded(Chat(more: ""","max_tokens":10""")), Priced(rates)).Cost);

    [Fact]
    public void Audio_asked_for_is_held_at_its_rate()
    {
        var prices = """{"input":1000,"output":4000,"output_audio":90000}""";
        Assert.Equal(
            Money.FromNanoUsd(1_900),
            Of(Padded(Chat(more: ""","max_tokens":10,"modalities":["text","audio"]""")), Priced(prices)).Cost
        );
        Assert.Equal(
            Money.FromNanoUsd(1_900),
            Of(Padded(Chat(more: ""","max_tokens":10,"audio":{"voice":"alloy"}""")), Priced(prices)).Cost
        );
        Assert.Equal(Money.FromNanoUsd(1_900), Of(Padded(Chat(more: ""","max_tokens":10,"modalities":["SMELL"]""")), Priced(prices)).Cost);
    }

    [Fact]
    public void Text_asked_for_alone_is_not_held_at_the_rates_of_images_and_audio() =>
        Assert.Equal(
            Money.FromNanoUsd(1_040),
            Of(
                Padded(Chat(more: ""","max_tokens":10,"modalities":["text"]""")),
                Priced("""{"input":1000,"output":4000,"output_image":90000,"output_audio":90000}""")
            ).Cost
        );

    [Fact]
    public void A_flex_call_that_is_answered_at_the_default_tier_stays_within_its_hold()
    {
        var model = Priced("""{"input":1000,"output":4000,"input@flex":500,"output@flex":2000,"cache_read@flex":1500}""");
        var bound = Of(Padded(Chat(more: ""","max_tokens":10,"service_tier":"flex" """)), model);
        var most = TokenUsage.OfText(bound.InputTokens, bound.OutputTokens);
        var mostOfCache = new TokenUsage { CacheRead = bound.InputTokens, Output = bound.OutputTokens };
        var atDefault = CostCalculator.Cost(model.Prices, most, ServiceTier.Default).Total;
        Assert.Equal(Money.FromNanoUsd(1_040), atDefault);
        Assert.True(atDefault <= bound.Cost);
        Assert.Equal(CostCalculator.Cost(model.Prices, mostOfCache, ServiceTier.Flex).Total, bound.Cost); // the dearest of both, row by row
    }

    [Fact]
    public void Audio_sent_is_held_at_its_rate() =>
        Assert.Equal(
            Money.FromNanoUsd((Window * 9) + 40),
            Of(
                Chat("""[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]""", ""","max_tokens":10"""),
                Priced("""{"input":1000,"output":4000,"input_audio":9000}""")
            ).Cost
        );

    [Fact]
    public void Images_sent_are_held_at_their_rates_per_token_and_per_piece()
    {
        var body = Chat(
            $$"""[{"type":"image_url","image_url":"{{Png}}"},{"type":"image_url","image_url":"https://x.test/a"}]""",
            ""","max_tokens":10"""
        );
        var tokens = body.Length - Png.Length + 2_000;
        Assert.Equal(
            Money.FromNanoUsd((tokens * 9) + 40 + (2 * 5_000)),
            Of(body, Priced("""{"input":1000,"output":4000,"input_image":9000,"image_in":5000000}""")).Cost
        );
    }

    [Fact]
    public void An_image_is_held_again_for_each_search()
    {
        var body = Chat(
            $$"""[{"type":"image_url","image_url":"{{Png}}"}]""",
            ""","max_tokens":10,"tools":[{"type":"web_search_20250305","max_uses":2}]"""
        );
        var model = Priced("""{"input":1000,"output":4000,"image_in":5000000,"search_medium":0}""") with { Provider = "anthropic" };
        Assert.Equal(Money.FromNanoUsd(3 * (Window + 40 + 5_000)), Of(body, model).Cost);
    }

    [Fact]
    public void Bounding_a_call_allocates_nothing()
    {
        var body = Padded(Chat(more: ""","max_tokens":10,"service_tier":"flex" """));
        var members = Read(body);
        var model = Model with { Providers = ["openai", "azure"] };
        CallBound.Compute(ApiTable.Chat, members, body.Length, model);
        var before = GC.GetAllocatedBytesForCurrentThread();
        CallBound.Compute(ApiTable.Chat, members, body.Length, model);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Each_input_of_an_embedding_may_be_an_image()
    {
        var body = """{"model":"m","input":["a","https://x.test/a"]}""";
        Assert.Equal(
            Money.FromNanoUsd((body.Length * 9) + (2 * 5)),
            Of(body, Priced("""{"input":1000,"input_image":9000,"image_in":5000}"""), ApiTable.Embeddings).Cost
        );
    }

    [Fact]
    public void A_bound_beyond_all_money_is_held_there() =>
        Assert.Equal(
            Money.MaxValue,
            Of(Chat(more: $$""","max_tokens":{{long.MaxValue}}"""), Priced("""{"input":1000,"output":1000000000000000000}""")).Cost
        );

    private static string Padded(string body) => body.Replace("hi", new string('x', 1_000 - body.Length + 2));
}
