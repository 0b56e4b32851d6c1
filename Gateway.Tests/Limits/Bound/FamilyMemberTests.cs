using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Limits.Bound;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

/// <summary>
/// What well-known clients send beside OpenAI's members, on a budgeted call: what cannot raise its cost passes, what could without a bound
/// is refused by name.
/// </summary>
public sealed class FamilyMemberTests
{
    [Theory]
    // OpenRouter
    [InlineData("""  "usage":{"include":true} """)]
    [InlineData("""  "provider":{"order":["a"],"allow_fallbacks":false,"sort":"price"} """)]
    [InlineData("""  "transforms":[] """)]
    [InlineData("""  "transforms":["middle-out"] """)]
    [InlineData("""  "reasoning":{"effort":"high","exclude":true} """)]
    [InlineData("""  "plugins":[],"preset":"" """)]
    // vLLM and SGLang
    [InlineData("""  "chat_template_kwargs":{"enable_thinking":false},"add_generation_prompt":true,"continue_final_message":false """)]
    [InlineData(
        """  "guided_json":{"type":"object"},"guided_regex":"a+","guided_choice":["a"],"guided_grammar":"g","guided_decoding_backend":"x" """
    )]
    [InlineData(
        """  "min_p":0.1,"top_k":5,"repetition_penalty":1.1,"stop_token_ids":[1],"skip_special_tokens":false,"min_tokens":3,"ignore_eos":true """
    )]
    [InlineData(
        """  "use_beam_search":false,"beam_width":1,"num_beams":0,"truncate_prompt_tokens":100,"documents":[{"text":"a"}],"echo":false """
    )]
    [InlineData(
        """  "regex":"a","ebnf":"b","separate_reasoning":true,"session_params":{},"chat_template":null,"mm_processor_kwargs":{} """
    )]
    // Ollama and llama.cpp
    [InlineData("""  "keep_alive":"5m","think":true,"format":"json","options":{"temperature":0,"num_ctx":8192,"num_gpu":1} """)]
    [InlineData(
        """  "cache_prompt":true,"mirostat":2,"samplers":["top_k"],"grammar":"root","timings_per_token":true,"n_probs":1,"template":"" """
    )]
    // Groq, Mistral, GLM, Qwen, xAI, Gemini
    [InlineData("""  "reasoning_format":"parsed","disable_tool_validation":true,"search_settings":{"country":"x"} """)]
    [InlineData("""  "random_seed":1,"safe_prompt":true,"prompt_mode":"reasoning" """)]
    [InlineData("""  "do_sample":true,"user_id":"u","tool_stream":true,"request_id":"r" """)]
    [InlineData(
        """  "enable_thinking":true,"thinking_budget":1000,"enable_search":false,"search_options":{},"vl_high_resolution_images":false """
    )]
    [InlineData("""  "search_parameters":{"mode":"off"},"deferred":false """)]
    [InlineData(
        """  "safety_settings":[{"category":"x"}],"extra_body":{"google":{"thinking_config":{"thinking_budget":5}}},"candidate_count":1,"generationConfig":{} """
    )]
    // LiteLLM and Anthropic
    [InlineData("""  "thinking":{"type":"enabled","budget_tokens":1024},"cache_control":{"type":"ephemeral"},"mcp_servers":[] """)]
    [InlineData("""  "extra_body":{"top_k":1,"chat_template_kwargs":{"a":1},"options":{"seed":3}} """)]
    // whatever it is called, a value that asks for nothing
    [InlineData("""  "never_heard_of":null,"a":false,"b":"","c":[],"d":{} """)]
    [InlineData(
        """  "web_search_options":false,"web_search":false,"previous_response_id":"","conversation":{},"functions":[],"audio":{},"prediction":null """
    )]
    public void A_member_that_cannot_raise_the_cost_passes(string members)
    {
        var bound = Of(Chat(more: "," + members));
        Assert.Null(bound.Refusal);
        Assert.True(bound.OutputTokens <= LongestAnswer);
    }

    [Theory]
    [InlineData("plugins", """[{"id":"web"}]""")]
    [InlineData("preset", "\"mine\"")]
    [InlineData("image_config", """{"size":"4K"}""")]
    [InlineData("chat_template", "\"{% for i in range(9) %}a{% endfor %}\"")]
    [InlineData("mm_processor_kwargs", """{"max_pixels":9}""")]
    [InlineData("use_beam_search", "true")]
    [InlineData("num_return_sequences", "2")]
    [InlineData("session_params", """{"id":"s"}""")]
    [InlineData("template", "\"x\"")]
    [InlineData("compound_custom", """{"tools":{}}""")]
    [InlineData("enable_search", "true")]
    [InlineData("vl_high_resolution_images", "true")]
    [InlineData("search_parameters", "{}")]
    [InlineData("search_parameters", """{"mode":"auto"}""")]
    [InlineData("search_parameters", """{"mode":"off","mode":"on"}""")]
    [InlineData("deferred", "true")]
    [InlineData("candidate_count", "3")]
    [InlineData("candidate_count", "1.5")]
    [InlineData("generationConfig", """{"maxOutputTokens":9}""")]
    [InlineData("googleSearch", "{}")]
    [InlineData("media_resolution", "\"high\"")]
    [InlineData("mcp_servers", """[{"url":"x"}]""")]
    [InlineData("num_predict", "-1")]
    [InlineData("num_predict", "0")]
    [InlineData("max_new_tokens", "\"many\"")]
    [InlineData("never_heard_of", "0")]
    [InlineData("never_heard_of", "true")]
    [InlineData("never_heard_of", """{"a":{}}""")]
    public void What_could_raise_the_cost_without_a_bound_is_refused_by_its_name_and_with_the_option(string name, string value)
    {
        var refusal = Of(Chat(more: $",\"{name}\":{value}")).Refusal!;
        Assert.Equal(("unbounded_request", name, 400), (refusal.Code, refusal.Param, refusal.Status));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ALLOWED_BODY_MEMBERS", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("options.num_ctx_max", """ "options":{"num_ctx_max":9} """)]
    [InlineData("extra_body.plugins", """ "extra_body":{"top_p":1,"plugins":[1]} """)]
    [InlineData("extra_body.options.x", """ "extra_body":{"options":{"x":1}} """)]
    [InlineData("chat_template_kwargs.chat_template", """ "chat_template_kwargs":{"chat_template":"x"} """)]
    [InlineData("google.other", """ "google":{"other":1} """)]
    public void A_member_within_a_member_is_named_by_its_path_and_can_be_allowed_by_it(string path, string members)
    {
        var body = Chat(more: "," + members);
        Assert.Equal(path, Of(body).Refusal?.Param);
        var reader = new RequestReader(new BodyOptions { AllowedBodyMembers = [path] });
        Assert.True(reader.TryRead(System.Text.Encoding.UTF8.GetBytes(body), ApiTable.Chat, out var read, out _));
        Assert.Null(read.Content.UnknownMember);
    }

    [Theory]
    [InlineData("num_predict")]
    [InlineData("n_predict")]
    [InlineData("max_new_tokens")]
    [InlineData("max_output_tokens")]
    public void A_maximum_under_another_name_is_held_when_it_is_the_larger(string name)
    {
        Assert.Equal(9_000, Of(Chat(more: $",\"{name}\":9000")).OutputTokens);
        Assert.Equal(9_000, Of(Chat(more: $",\"max_tokens\":10,\"{name}\":9000")).OutputTokens);
        Assert.Equal(10, Of(Chat(more: $",\"max_tokens\":10,\"{name}\":5")).OutputTokens);
        Assert.Equal(18_000, Of(Chat(more: $",\"n\":2,\"extra_body\":{{\"{name}\":9000}}")).OutputTokens);
    }

    [Fact]
    public void A_maximum_in_options_is_held() => Assert.Equal(9_000, Of(Chat(more: ""","options":{"num_predict":9000}""")).OutputTokens);

    [Fact]
    public void A_maximum_in_extra_body_is_held_where_the_operator_lets_it_pass()
    {
        var body = Chat(more: ""","max_tokens":10,"extra_body":{"max_tokens":9000}""");
        var reader = new RequestReader(new BodyOptions { AllowedSteeringMembers = ["max_tokens"] });
        Assert.True(reader.TryRead(System.Text.Encoding.UTF8.GetBytes(body), ApiTable.Chat, out var members, out _));
        Assert.Equal(9_000, CallBound.Compute(ApiTable.Chat, members, body.Length, Bounds.Model).OutputTokens);
    }

    [Fact]
    public void A_maximum_under_another_name_stands_in_where_the_model_has_none()
    {
        var bound = Of(Chat(more: ",\"num_predict\":300"), Model with { MaxOutputTokens = null });
        Assert.Equal((null, 300), (bound.Refusal, bound.OutputTokens));
        Assert.Equal(300, bound.MaxOutputPerChoice);
        Assert.False(bound.CanShrink); // a lower one that is put in may not be the one that is obeyed
    }

    [Theory]
    [InlineData("""  "thinking_budget":1000 """)]
    [InlineData("""  "reasoning":{"max_tokens":1000} """)]
    [InlineData("""  "thinking":{"budget_tokens":1000} """)]
    [InlineData("""  "extra_body":{"thinking_budget":1000} """)]
    public void Reasoning_that_is_asked_for_is_held_beside_the_maximum_where_a_provider_may_count_it_so(string members)
    {
        var body = Chat(more: ",\"max_tokens\":10," + members);
        Assert.Equal(10, Of(body).OutputTokens);
        Assert.Equal(1_010, Of(body, Model with { Provider = "openrouter" }).OutputTokens);
        Assert.Equal(1_010, Of(body, Model with { Provider = "dashscope" }).OutputTokens);
    }

    [Theory]
    [InlineData(
        """{"role":"assistant","content":"a","reasoning":"b","reasoning_content":"b","thinking_blocks":[{"type":"thinking","thinking":"b","signature":"c"}]}"""
    )]
    [InlineData(
        """{"role":"assistant","content":"a","provider_specific_fields":{"refusal":null,"citations":[1]},"annotations":[],"refusal":null,"audio":null,"function_call":null,"tool_calls":null}"""
    )]
    [InlineData(
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"index":0,"provider_specific_fields":{"thought_signature":"x"}}]}"""
    )]
    [InlineData(
        """{"role":"assistant","content":"a","reasoning_details":[{"type":"reasoning.text","text":"b"}],"images":[],"audio":{},"id":"m","index":0,"finish_reason":"stop"}"""
    )]
    [InlineData(
        """{"role":"assistant","content":[{"type":"thinking","thinking":"b","signature":"c"},{"type":"redacted_thinking","data":"c"},{"type":"text","text":"a","citations":null,"annotations":[]}]}"""
    )]
    [InlineData(
        """{"role":"assistant","content":[{"type":"output_text","text":"a","annotations":[],"logprobs":[]}],"status":"completed","type":"message"}"""
    )]
    [InlineData("""{"role":"assistant","content":"a","prefix":true,"partial":true,"whatever":"","other":false,"more":{}}""")]
    public void An_answer_sent_back_as_a_message_is_text_of_the_body(string message)
    {
        var body = $$"""{"model":"m","messages":[{{message}}]}""";
        Assert.Null(Of(body, Model with { MaxInputTokens = null }).Refusal);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"a","file_id":"f"}""", "messages[].file_id")]
    [InlineData(
        """{"role":"assistant","content":"a","images":[{"type":"image_url","image_url":{"url":"https://x"}}]}""",
        "messages[].images"
    )]
    [InlineData("""{"role":"assistant","audio":{"id":"a"}}""", "messages[].audio")]
    public void A_message_that_brings_in_something_else_has_no_bound_but_the_longest_prompt(string message, string place)
    {
        var body = $$"""{"model":"m","messages":[{{message}}]}""";
        Assert.Equal(place, Of(body, Model with { MaxInputTokens = null }).Refusal?.Param);
        Assert.Equal(Window, Of(body).InputTokens);
    }

    [Fact]
    public void The_operator_can_allow_a_member_of_a_message()
    {
        var reader = new RequestReader(new BodyOptions { AllowedBodyMembers = ["messages[].note"] });
        Assert.True(
            reader.TryRead(
                """{"model":"m","messages":[{"role":"user","content":"a","note":"b","other":1}]}"""u8,
                ApiTable.Chat,
                out var read,
                out _
            )
        );
        Assert.Equal((1, "messages[].other"), (read.Content.UnknownParts, read.Content.UnboundedPlace));
    }

    [Theory]
    [InlineData("""{"type":"function","function":{"name":"f"},"strict":true,"cache_control":{"type":"ephemeral"},"defer_loading":true}""")]
    [InlineData(
        """{"type":"function","function":{"name":"f"},"allowed_callers":["code_execution_20250825"],"input_examples":[{"a":1}],"id":7,"enabled":true,"x":[]}"""
    )]
    [InlineData("""{"name":"f","input_schema":{"type":"object"},"eager_input_streaming":true,"whatever":"text"}""")]
    [InlineData("""{"type":"custom","name":"f","format":{"type":"grammar","syntax":"lark","definition":"x"}}""")]
    [InlineData("""{"type":"function","name":"f","parameters":{},"output_schema":{"type":"object"},"annotations":{"readOnlyHint":true}}""")]
    public void A_tool_of_the_client_stays_one_whatever_flags_it_has(string tool) =>
        Assert.Null(Of(Chat(more: $",\"tools\":[{tool}]")).Refusal);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("false")]
    public void Tools_that_are_none_pass(string tools) => Assert.Null(Of(Chat(more: $",\"tools\":{tools}")).Refusal);

    [Theory]
    [InlineData("""{"type":"openrouter:web_search"}""", "openrouter:web_search")]
    [InlineData("""{"type":"function","function":{"name":"f"},"url_context":{}}""", "url_context")]
    [InlineData("""{"type":"web_search","web_search":{"enable":true}}""", "web_search")]
    [InlineData("""{"enabled":true}""", "tools[]")]
    public void A_tool_that_runs_at_the_provider_is_still_refused(string tool, string named)
    {
        var refusal = Of(Chat(more: $",\"tools\":[{tool}]")).Refusal!;
        Assert.Equal("hosted_tool_not_allowed", refusal.Code);
        Assert.Contains($"'{named}'", refusal.Message, StringComparison.Ordinal);
    }
}
