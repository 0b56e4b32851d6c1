using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

/// <summary>What a budgeted call is refused for.</summary>
public sealed class UnboundedRequestTests
{
    private const string SearchPrices = """{"input":1000,"output":4000,"search_medium":10000000000}""";
    private const string LimitedSearch = ""","tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]""";
    private static readonly PolicyModel Searching = Priced(SearchPrices) with { Provider = "anthropic" };

    [Theory]
    [InlineData("extra_body")]
    [InlineData("Max_Tokens")]
    [InlineData("candidateCount")]
    [InlineData("search_parameters")]
    public void A_member_without_a_rule_is_refused_by_its_name(string name)
    {
        var refusal = Of(Chat(more: $",\"{name}\":5")).Refusal;
        Assert.Equal("unbounded_request", refusal?.Code);
        Assert.Equal(name, refusal?.Param);
    }

    [Fact]
    public void A_member_without_a_rule_means_nothing_when_it_is_null() => Assert.Null(Of(Chat(more: ",\"extra_body\":null")).Refusal);

    [Fact]
    public void A_member_that_the_operator_vouches_for_is_let_through()
    {
        var reader = new Gateway.Bodies.RequestReader(new() { AllowedSteeringMembers = ["extra_body"] });
        Assert.True(reader.TryRead("""{"model":"m","messages":[],"extra_body":{}}"""u8, ApiTable.Chat, out var members, out _));
        Assert.Null(members.Content.UnknownMember);
    }

    [Fact]
    public void Every_member_that_openai_documents_for_plain_chats_has_a_rule() =>
        Assert.Null(
            Of(
                Chat(
                    more: """
                    ,"frequency_penalty":0,"logit_bias":{},"logprobs":true,"metadata":{"a":"b"},"parallel_tool_calls":true,"presence_penalty":0,"prompt_cache_key":"k","reasoning_effort":"low",
                    "response_format":{"type":"text"},"safety_identifier":"s","seed":1,"stop":["a"],"store":false,"stream":true,"stream_options":{"include_usage":true},"temperature":1,
                    "tool_choice":"auto","top_logprobs":1,"top_p":1,"user":"u","verbosity":"low","audio":null,"web_search_options":null,"modalities":["text"],"function_call":"auto"
                    """
                )
            ).Refusal
        );

    [Theory]
    [InlineData("messages", "[]")]
    [InlineData("tools", "[]")]
    [InlineData("service_tier", "\"flex\"")]
    [InlineData("prediction", "null")]
    [InlineData("t\\u006fols", "[]")]
    public void A_member_that_is_read_may_not_stand_there_twice(string name, string value) =>
        Assert.Equal("duplicate_member", RefusalOfReading(Chat(more: $",\"{name}\":{value},\"{name}\":{value}"))?.Code);

    [Theory]
    [InlineData("""{"type":"web_search"}""")]
    [InlineData("""{"type":"web_search_20250305","name":"web_search"}""")]
    [InlineData("""{"type":"code_interpreter","container":"auto"}""")]
    [InlineData("""{"type":"mcp","server_url":"https://x.test"}""")]
    [InlineData("""{"googleSearch":{}}""")]
    [InlineData("""{"type":"function","function":{"name":"f"},"googleSearch":{}}""")]
    [InlineData("""{"type":"function","type":"web_search","max_uses":1}""")]
    [InlineData("""{"type":"web_search","max_uses":1}""")]
    [InlineData("""{"type":"web_search_20260209","name":"web_search","max_uses":1}""")]
    [InlineData("""{"type":"web_search_20250305","name":"web_search","max_uses":1001}""")]
    [InlineData("""{"type":"web_search_20250305","name":"a","max_uses":600},{"type":"web_search_20250305","name":"b","max_uses":600}""")]
    [InlineData("""{"type":"code_execution_20250522","max_uses":1}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("{}")]
    [InlineData("7")]
    public void A_tool_that_runs_at_the_provider_is_refused(string tool) =>
        Assert.Equal("hosted_tool_not_allowed", Of(Chat(more: $$""","tools":[{{tool}}]"""), Searching).Refusal?.Code);

    [Fact]
    public void A_web_search_option_is_refused_because_its_rounds_have_no_limit() =>
        Assert.Equal("hosted_tool_not_allowed", Of(Chat(more: ",\"web_search_options\":{}"), Searching).Refusal?.Code);

    [Fact]
    public void A_web_search_with_limited_rounds_and_a_price_is_held_with_its_fees_and_its_prompts()
    {
        var bound = Of(
            Chat(more: ""","max_tokens":10,"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]"""),
            Searching
        );
        Assert.Null(bound.Refusal);
        Assert.Equal(3 * Window, bound.InputTokens);
        Assert.Equal(30, bound.OutputTokens);
        Assert.Equal(Money.FromNanoUsd((3 * Window) + (30 * 4) + (2 * 10_000_000)), bound.Cost);
    }

    [Fact]
    public void A_web_search_without_a_price_is_refused() =>
        Assert.Equal("hosted_tool_not_allowed", Of(Chat(more: LimitedSearch), Model with { Provider = "anthropic" }).Refusal?.Code);

    [Fact]
    public void A_web_search_is_refused_at_a_provider_that_may_not_hold_to_its_limit() =>
        Assert.Equal("hosted_tool_not_allowed", Of(Chat(more: LimitedSearch), Searching with { Provider = "gemini" }).Refusal?.Code);

    [Theory]
    [InlineData("perplexity", true)]
    [InlineData(null, true)]
    [InlineData("openai", false)]
    [InlineData("vertex_ai-language-models", false)]
    public void A_priced_search_that_a_provider_may_do_unasked_is_refused(string? provider, bool isRefused) =>
        Assert.Equal(
            isRefused ? "hosted_tool_not_allowed" : null,
            Of(Chat(), Priced(SearchPrices) with { Provider = provider }).Refusal?.Code
        );

    [Fact]
    public void A_search_unasked_is_nothing_to_refuse_where_it_costs_nothing() =>
        Assert.Null(Of(Chat(), Priced("""{"input":1000,"output":4000,"search_medium":0}""") with { Provider = "perplexity" }).Refusal);

    [Fact]
    public void Several_conversations_in_one_call_are_refused() =>
        Assert.Equal(
            "messages",
            Of("""{"model":"m","messages":[[{"role":"user","content":"a"}],[{"role":"user","content":"b"}]]}""").Refusal?.Param
        );

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"input":1000}""")]
    [InlineData("""{"output":1000}""")]
    [InlineData("""{"request":1000}""")]
    [InlineData("""{"input@batch":1000,"output@batch":1000}""")]
    public void A_model_without_a_price_is_refused(string rates) => Assert.Equal("price_unknown", Of(Chat(), Priced(rates)).Refusal?.Code);

    [Fact]
    public void An_embedding_needs_no_price_of_answers() =>
        Assert.Null(Of("""{"model":"m","input":"a"}""", Priced("""{"input":1000}"""), ApiTable.Embeddings).Refusal);

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"input":1000,"output":4000}""", ",\"extra_body\":5")]
    public void A_free_model_skips_money(string rates, string more)
    {
        var bound = Of(Chat(more: more), Priced(rates) with { IsFree = true, MaxOutputTokens = null });
        Assert.Null(bound.Refusal);
        Assert.Equal(Money.Zero, bound.Cost);
        Assert.False(bound.PutsMaximumIn);
    }

    [Fact]
    public void Seconds_of_audio_cannot_be_counted_before_the_call() =>
        Assert.Equal(
            "unbounded_request",
            Of(
                Chat("""[{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}]"""),
                Priced("""{"input":1000,"output":4000,"input_second":5}""")
            ).Refusal?.Code
        );

    [Fact]
    public void Images_within_a_file_cannot_be_counted_before_the_call() =>
        Assert.Equal(
            "unbounded_request",
            Of(Chat("""[{"type":"file","file":{"file_id":"f"}}]"""), Priced("""{"input":1000,"output":4000,"image_in":5}""")).Refusal?.Code
        );
}
