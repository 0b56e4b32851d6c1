using Gateway.Apis;
using Gateway.Calls;
using Gateway.Limits.Bound;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

public sealed class OutputBoundTests
{
    [Theory]
    [InlineData(""","max_tokens":7""", 7)]
    [InlineData(""","max_completion_tokens":8""", 8)]
    [InlineData(""","max_tokens":9,"max_completion_tokens":9""", 9)]
    [InlineData(""","max_tokens":9,"max_completion_tokens":null""", 9)]
    [InlineData(""","max_tokens":900000""", 900_000)]
    public void A_chats_own_maximum_is_the_bound(string more, long tokens) => Assert.Equal(tokens, Of(Chat(more: more)).OutputTokens);

    [Fact]
    public void A_completions_own_maximum_is_the_bound() =>
        Assert.Equal(7, Of("""{"model":"m","prompt":"a","max_tokens":7}""", Model, ApiTable.Completions).OutputTokens);

    [Fact]
    public void Another_apis_maximum_bounds_nothing() =>
        Assert.Equal(
            "unbounded_request",
            Of("""{"model":"m","prompt":"a","max_completion_tokens":7}""", Model, ApiTable.Completions).Refusal?.Code
        );

    [Fact]
    public void Two_different_maxima_are_refused_when_the_body_is_read() =>
        Assert.Equal("conflicting_maximum", RefusalOfReading(Chat(more: ""","max_tokens":9,"max_completion_tokens":8"""))?.Code);

    [Theory]
    [InlineData(null, LongestAnswer)]
    [InlineData(9_000L, LongestAnswer)]
    [InlineData(500L, 500)]
    public void Without_a_maximum_the_smaller_of_model_and_tier_is_the_bound_and_is_put_in(long? tier, long tokens)
    {
        var bound = Of(Chat(), limits: new OutputLimits(tier, 77));
        Assert.Equal(tokens, bound.OutputTokens);
        Assert.Equal(tokens, bound.MaxOutputPerChoice);
        Assert.True(bound.PutsMaximumIn);
    }

    [Fact]
    public void Without_any_maximum_the_processs_default_is_the_bound() =>
        Assert.Equal(77, Of(Chat(), Model with { MaxOutputTokens = null }, limits: new OutputLimits(null, 77)).OutputTokens);

    [Fact]
    public void Without_any_maximum_at_all_a_budgeted_call_is_refused()
    {
        var bound = Of(Chat(), Model with { MaxOutputTokens = null });
        Assert.Equal("unbounded_request", bound.Refusal?.Code);
        Assert.Equal("max_tokens", bound.Refusal?.Param);
        Assert.True(bound.HasUnboundedAnswer);
    }

    [Theory]
    [InlineData(""","n":3""", 3)]
    [InlineData(""","best_of":5""", 5)]
    [InlineData(""","n":2,"best_of":5""", 5)]
    [InlineData(""","n":null""", 1)]
    public void Choices_multiply_the_maximum(string more, int choices)
    {
        Assert.Equal(10 * choices, Of(Chat(more: more + ""","max_tokens":10""")).OutputTokens);
        Assert.Equal(
            10 * choices,
            Of($$"""{"model":"m","prompt":"a","max_tokens":10{{more}}}""", Model, ApiTable.Completions).OutputTokens
        );
    }

    [Fact]
    public void Prompts_multiply_the_maximum() =>
        Assert.Equal(
            10 * 2 * 3,
            Of("""{"model":"m","prompt":["a","b","c"],"max_tokens":10,"n":2}""", Model, ApiTable.Completions).OutputTokens
        );

    [Fact]
    public void A_prediction_adds_its_bytes()
    {
        var prediction = """{"type":"content","content":"abc"}""";
        Assert.Equal(10 + prediction.Length, Of(Chat(more: $$""","max_tokens":10,"prediction":{{prediction}}""")).OutputTokens);
    }

    [Theory]
    [InlineData(""","max_tokens":10""", LongestAnswer)]
    [InlineData(""","max_tokens":10,"n":2""", 2 * LongestAnswer)]
    [InlineData(""","max_tokens":9000""", 9_000)]
    public void A_model_that_reasons_outside_the_maximum_counts_its_own_whole_one(string more, long tokens) =>
        Assert.Equal(tokens, Of(Chat(more: more), Model with { ReasoningOutsideMax = true }).OutputTokens);

    [Fact]
    public void A_model_that_reasons_without_any_maximum_is_refused() =>
        Assert.Equal(
            "unbounded_request",
            Of(Chat(more: ""","max_tokens":10"""), Model with { ReasoningOutsideMax = true, MaxOutputTokens = null }).Refusal?.Code
        );

    [Fact]
    public void A_maximum_of_zero_bounds_nothing() => Assert.Equal(LongestAnswer, Of(Chat(more: ""","max_tokens":0""")).OutputTokens);

    [Fact]
    public void An_embedding_has_no_answer_tokens()
    {
        var bound = Of("""{"model":"m","input":"a"}""", Model, ApiTable.Embeddings);
        Assert.Equal(0, bound.OutputTokens);
        Assert.False(bound.PutsMaximumIn);
    }

    [Fact]
    public void A_maximum_put_in_leaves_room_for_the_prompt_where_both_share_one_window()
    {
        var model = Model with { MaxInputTokens = 8_000, MaxOutputTokens = 8_000 };
        var body = Chat($"\"{new string('a', 4_000)}\"");
        Assert.Equal(8_000 - (body.Length / 2), Of(body, model).MaxOutputPerChoice);
        Assert.Equal(4_000, Of(Chat($"\"{new string('a', 9_000)}\""), model).MaxOutputPerChoice);
    }

    [Fact]
    public void A_maximum_too_large_to_count_is_held_at_a_bound_that_no_report_reaches() =>
        Assert.Equal(Gateway.Core.Pricing.CostBound.MaxTokens, Of(Chat(more: $$""","n":9,"max_tokens":{{long.MaxValue}}""")).OutputTokens);
}
