using System.Text.Json;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Pricing;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

/// <summary>The clamp, and the maximum that is put in.</summary>
public sealed class MaximumTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData(""","n":3""", 3)]
    public void Money_that_is_short_still_covers_a_lower_maximum(string more, int choices)
    {
        var bound = Of(Chat(more: more));
        var input = bound.InputTokens;
        Assert.Equal(100, bound.MaxOutputPerChoiceWithin(Money.FromNanoUsd(input + (400 * choices))));
        Assert.Equal(99, bound.MaxOutputPerChoiceWithin(Money.FromNanoUsd(input + (400 * choices) - 1)));
        Assert.Equal(Money.FromNanoUsd(input + (400 * choices)), bound.WithMaxOutputPerChoice(100).Cost);
    }

    [Fact]
    public void Plenty_of_money_covers_the_whole_maximum_and_no_more() =>
        Assert.Equal(LongestAnswer, Of(Chat()).MaxOutputPerChoiceWithin(Money.FromUsd(100)));

    [Fact]
    public void Answers_that_are_free_are_covered_whole() =>
        Assert.Equal(LongestAnswer, Of(Chat(), Priced("""{"input":1000,"output":0}""")).MaxOutputPerChoiceWithin(Money.FromNanoUsd(1_000)));

    [Fact]
    public void Money_that_does_not_cover_the_prompt_and_one_token_covers_nothing()
    {
        var bound = Of(Chat());
        Assert.Null(bound.MaxOutputPerChoiceWithin(Money.FromNanoUsd(bound.InputTokens - 1)));
        Assert.Null(bound.MaxOutputPerChoiceWithin(Money.FromNanoUsd(bound.InputTokens + 3)));
        Assert.Equal(1, bound.MaxOutputPerChoiceWithin(Money.FromNanoUsd(bound.InputTokens + 4)));
    }

    [Fact]
    public void A_maximum_that_the_client_set_is_never_changed()
    {
        var body = Chat(more: ""","max_tokens":10""");
        var bound = Of(body);
        Assert.False(bound.PutsMaximumIn);
        Assert.Null(bound.MaxOutputPerChoiceWithin(Money.FromUsd(1)));
        Assert.Throws<InvalidOperationException>(() => bound.WithMaxOutputPerChoice(5));
        Assert.Throws<InvalidOperationException>(() => WithMaximum(body, 5));
    }

    [Fact]
    public void A_lower_maximum_does_not_help_where_the_model_reasons_outside_it() =>
        Assert.Null(Of(Chat(), Model with { ReasoningOutsideMax = true }).MaxOutputPerChoiceWithin(Money.FromNanoUsd(5_000)));

    [Theory]
    [InlineData("", true, ",\"max_tokens\":5")]
    [InlineData("", false, ",\"max_completion_tokens\":5")]
    public void A_maximum_is_put_in_under_the_name_that_the_model_takes(string more, bool takesMaxTokens, string expected)
    {
        var model = Model with { TakesMaxTokens = takesMaxTokens };
        Assert.Contains(expected, WithMaximum(Chat(more: more), 5, model));
    }

    [Theory]
    [InlineData(",\"max_tokens\":null")]
    [InlineData(",\"max_completion_tokens\":null")]
    [InlineData(",\"max_tokens\": null ,\"max_completion_tokens\":null")]
    [InlineData("")]
    public void A_body_with_a_maximum_put_in_reads_as_one_that_has_it(string more)
    {
        foreach (var takesMaxTokens in new[] { true, false })
        {
            var edited = WithMaximum(Chat(more: more), 123, Model with { TakesMaxTokens = takesMaxTokens });
            JsonDocument.Parse(edited).Dispose();
            Assert.Equal(123, Read(edited).MaxOutputTokens);
            Assert.Equal(123, Of(edited).OutputTokens);
        }
    }

    [Fact]
    public void A_completion_always_gets_max_tokens() =>
        Assert.Contains(
            "\"max_tokens\":5",
            WithMaximum("""{"model":"m","prompt":"a"}""", 5, Model with { TakesMaxTokens = false }, ApiTable.Completions)
        );
}
