using System.Text;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Limits.Bound;
using static Gateway.Tests.Limits.Bound.Bounds;

namespace Gateway.Tests.Limits.Bound;

public sealed class InputBoundTests
{
    [Fact]
    public void Text_counts_one_token_per_byte_of_the_body()
    {
        var body = Chat("\"Grüße\"");
        Assert.Equal(Encoding.UTF8.GetByteCount(body), Of(body).InputTokens);
    }

    [Fact]
    public void A_sign_that_a_tokenizer_may_write_out_counts_its_whole_phrase()
    {
        var body = Chat("\"\ufdfa\"");
        Assert.Equal(Encoding.UTF8.GetByteCount(body) + 30, Of(body).InputTokens);
    }

    [Fact]
    public void The_providers_overhead_is_added_to_each_prompt()
    {
        var model = Model with { PromptOverheadTokens = 50 };
        var body = """{"model":"m","prompt":["a","b","c"],"max_tokens":1}""";
        Assert.Equal(body.Length + 150, Of(body, model, ApiTable.Completions).InputTokens);
    }

    [Theory]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}]""")]
    [InlineData(""","tools":[{"type":"custom","custom":{"name":"f"}}]""")]
    [InlineData(""","functions":[{"name":"f"}]""")]
    [InlineData(""","response_format":{"type":"json_object"}""")]
    public void Tools_and_forms_of_the_answer_add_their_overhead(string more)
    {
        var body = Chat(more: more);
        Assert.Equal(body.Length + 300, Of(body, Model with { ToolsOverheadTokens = 300 }).InputTokens);
    }

    [Fact]
    public void Without_tools_their_overhead_is_not_added()
    {
        var body = Chat(more: ""","tools":[],"functions":null,"response_format":null""");
        Assert.Equal(body.Length, Of(body, Model with { ToolsOverheadTokens = 300 }).InputTokens);
    }

    [Fact]
    public void The_shipped_overheads_hold_where_the_model_has_none()
    {
        var shipped = ProviderAllowance.Of("anthropic");
        var model = Model with { Provider = "anthropic", PromptOverheadTokens = null, ToolsOverheadTokens = null };
        var body = Chat(more: ""","tools":[{"type":"function","function":{"name":"f"}}]""");
        Assert.Equal(body.Length + shipped.PromptOverheadTokens + shipped.ToolsOverheadTokens, Of(body, model).InputTokens);
    }

    [Fact]
    public void A_chat_never_counts_more_than_the_models_longest_prompt() =>
        Assert.Equal(Window, Of(Chat($"\"{new string('a', 200_000)}\"")).InputTokens);

    [Fact]
    public void A_chat_of_a_model_without_a_known_longest_prompt_counts_its_bytes()
    {
        var body = Chat($"\"{new string('a', 200_000)}\"");
        Assert.Equal(body.Length, Of(body, Model with { MaxInputTokens = null }).InputTokens);
    }

    [Fact]
    public void An_array_of_inputs_is_bounded_by_its_bytes_alone()
    {
        var body = $$"""{"model":"m","input":["{{new string('a', 90_000)}}","{{new string('b', 90_000)}}"]}""";
        Assert.Equal(body.Length, Of(body, Model, ApiTable.Embeddings).InputTokens);
    }

    [Theory]
    [InlineData("\"a\"", 1)]
    [InlineData("[\"a\",\"b\",\"c\"]", 3)]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1,2],[3]]", 2)]
    [InlineData("[]", 1)]
    [InlineData("null", 1)]
    public void Prompts_are_counted_in_every_form(string prompt, int prompts)
    {
        Assert.Equal(prompts, Read($$"""{"model":"m","prompt":{{prompt}}}""", ApiTable.Completions).Content.Prompts);
        Assert.Equal(prompts, Read($$"""{"model":"m","input":{{prompt}}}""", ApiTable.Embeddings).Content.Prompts);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"PNG","detail":"high"}}""")]
    [InlineData("""{"image_url":{"url":"PNG"},"type":"image_url","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"image_url","image_url":"PNG"}""")]
    [InlineData("""{"\u0074ype":"image_url","image_url":{"\u0075rl":"PNG","format":"image/png"}}""")]
    public void An_image_inline_counts_its_own_bound_and_not_its_bytes(string part)
    {
        var body = Chat($"[{part.Replace("PNG", Png)}]");
        Assert.Equal(body.Length - Png.Length + 1_000, Of(body).InputTokens);
        Assert.False(Of(body).HasUnboundedParts);
    }

    [Fact]
    public void An_image_inline_is_known_when_its_slashes_are_escaped()
    {
        var escaped = Png.Replace("/", "\\/");
        var body = Chat($$$"""[{"type":"image_url","image_url":{"url":"{{{escaped}}}"}}]""");
        Assert.Equal(body.Length - escaped.Length + 1_000, Of(body).InputTokens);
    }

    [Fact]
    public void An_image_by_url_counts_its_own_bound()
    {
        var body = Chat("""[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://x.test/a"}}]""");
        Assert.Equal(body.Length + 1_000, Of(body).InputTokens);
    }

    [Fact]
    public void An_image_by_url_may_be_anything_where_the_provider_fetches_documents()
    {
        var body = Chat("""[{"type":"image_url","image_url":{"url":"https://x.test/a"}}]""");
        Assert.Equal(Window, Of(body, Model with { Provider = "gemini" }).InputTokens);
    }

    [Theory]
    [InlineData("some-provider")]
    [InlineData(null)]
    public void An_image_by_url_may_be_anything_at_a_provider_that_is_not_known(string? provider) =>
        Assert.Equal(
            Window,
            Of(Chat("""[{"type":"image_url","image_url":{"url":"https://x.test/a"}}]"""), Model with { Provider = provider }).InputTokens
        );

    [Fact]
    public void Of_several_providers_the_worst_bounds_the_call()
    {
        var both = Model with { Providers = ["openai", "anthropic"], PromptOverheadTokens = null, ImageTokenBound = null };
        var text = Chat();
        Assert.Equal(text.Length + ProviderAllowance.Of("anthropic").PromptOverheadTokens, Of(text, both).InputTokens);
        Assert.Equal(Window, Of(Chat("""[{"type":"image_url","image_url":{"url":"https://x.test/a"}}]"""), both).InputTokens);
        var image = Chat($$"""[{"type":"image_url","image_url":"{{Png}}"}]""");
        Assert.Equal(
            image.Length - Png.Length + ProviderAllowance.Of("anthropic").PromptOverheadTokens + ProviderAllowance.Of("openai").ImageTokens,
            Of(image, both).InputTokens
        );
        Assert.Equal(
            "hosted_tool_not_allowed",
            Of(
                Chat(more: ""","tools":[{"type":"web_search_20250305","max_uses":1}]"""),
                both with
                {
                    Prices = Priced("""{"input":1,"output":1,"search_medium":1}""").Prices,
                }
            ).Refusal?.Code
        );
    }

    [Fact]
    public void An_image_without_a_bound_counts_the_longest_prompt() =>
        Assert.Equal(
            Window,
            Of(
                Chat($$"""[{"type":"image_url","image_url":"{{Png}}"}]"""),
                Model with
                {
                    Provider = null,
                    ImageTokenBound = null,
                }
            ).InputTokens
        );

    [Fact]
    public void The_shipped_bound_of_an_image_holds_where_the_model_has_none()
    {
        var body = Chat($$"""[{"type":"image_url","image_url":"{{Png}}"}]""");
        Assert.Equal(
            body.Length - Png.Length + ProviderAllowance.Of("openai").ImageTokens,
            Of(body, Model with { ImageTokenBound = null }).InputTokens
        );
    }

    [Theory]
    [InlineData("""[{"type":"image_url","image_url":{"url":"data:application/pdf;base64,AAAA"}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"data:video/mp4;base64,AAAA"}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"DATA:image/png;base64,AAAA"}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"d\u0061ta:application/pdf;base64,AAAA"}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","format":"video/mp4"}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","page":1}}]""")]
    [InlineData("""[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}}]""")]
    [InlineData("""[{"type":"file","file":{"file_id":"file-1"}}]""")]
    [InlineData("""[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]""")]
    [InlineData("""[{"type":"video_url","video_url":{"url":"https://x.test/a"}}]""")]
    [InlineData("""[{"type":"text","text":"a","image_url":{"url":"https://x.test/a"}}]""")]
    [InlineData("""[{"type":"text","type":"image_url","image_url":{"url":"https://x.test/a"}}]""")]
    [InlineData("""[{"text":"a"}]""")]
    [InlineData("""[{"type":7,"text":"a"}]""")]
    [InlineData("""[[1]]""")]
    [InlineData("""{"file_id":"file-1"}""")]
    [InlineData("""7""")]
    public void A_part_without_a_bound_counts_the_longest_prompt_and_is_refused_where_that_is_unknown(string content)
    {
        var known = Of(Chat(content));
        Assert.Null(known.Refusal);
        Assert.True(known.HasUnboundedParts);
        Assert.Equal(Window, known.InputTokens);
        Assert.Equal("unbounded_request", Of(Chat(content), Model with { MaxInputTokens = null }).Refusal?.Code);
    }

    [Theory]
    [InlineData(""","previous_response_id":"resp_1" """)]
    [InlineData(""","conversation":"conv_1" """)]
    [InlineData(""","prompt":{"id":"pmpt_1"}""")]
    public void Stored_prompts_and_conversations_count_the_longest_prompt(string more)
    {
        Assert.Equal(Window, Of(Chat(more: more)).InputTokens);
        Assert.Equal("unbounded_request", Of(Chat(more: more), Model with { MaxInputTokens = null }).Refusal?.Code);
    }

    [Theory]
    [InlineData("""{"role":"assistant","audio":{"id":"audio_1"}}""")]
    [InlineData("""{"role":"assistant","content":"a","images":[{"type":"image_url"}]}""")]
    [InlineData("7")]
    public void A_member_of_a_message_that_brings_in_content_counts_the_longest_prompt(string message) =>
        Assert.Equal(Window, Of($$"""{"model":"m","messages":[{{message}}]}""").InputTokens);

    [Fact]
    public void Messages_of_text_and_tool_calls_are_bounded_by_their_bytes()
    {
        var body = """
            {"model":"m","messages":[{"role":"system","content":"s","name":"n"},{"role":"assistant","content":null,"refusal":null,"audio":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral"}},{"type":"refusal","refusal":"no","image_url":null}]}]}
            """;
        var bound = Of(body);
        Assert.False(bound.HasUnboundedParts);
        Assert.Equal(body.Length, bound.InputTokens);
    }

    [Theory]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData(" DATA:video/mp4;base64,AAAA")]
    [InlineData("d\\u0061ta:image\\/png;base64,AAAA")]
    [InlineData("gs://bucket/a.mp4")]
    [InlineData("gs:\\/\\/bucket\\/a.mp4")]
    [InlineData("s3://bucket/a.png")]
    public void An_input_to_embed_that_may_be_an_image_or_a_video_counts_the_longest_input(string text)
    {
        var body = $$"""{"model":"m","input":["text","{{text}}"]}""";
        Assert.Equal(body.Length + Window, Of(body, Model, ApiTable.Embeddings).InputTokens);
        Assert.Equal(
            Window,
            Of($$"""{"model":"m","input":"{{text}}"}""", Model, ApiTable.Embeddings).InputTokens
                - $$"""{"model":"m","input":"{{text}}"}""".Length
        );
    }

    [Fact]
    public void A_bound_too_large_to_count_is_held_at_one_that_no_report_reaches()
    {
        var model = Priced("""{"input":1000,"output":4000,"search_medium":1}""") with
        {
            Provider = "anthropic",
            MaxInputTokens = long.MaxValue,
        };
        var body = Chat("7", ""","tools":[{"type":"web_search_20250305","max_uses":1000}]""");
        Assert.Equal(Gateway.Core.Pricing.CostBound.MaxTokens, Of(body, model).InputTokens);
    }

    [Fact]
    public void Each_unbounded_input_of_an_array_counts_the_longest_prompt()
    {
        var body = """{"model":"m","input":["text",{"image":"https://x.test/a"},{"image":"https://x.test/b"}]}""";
        Assert.Equal(body.Length + (2 * Window), Of(body, Model, ApiTable.Embeddings).InputTokens);
    }

    [Fact]
    public void A_refusal_names_the_first_part_that_has_no_bound()
    {
        var content =
            """[{"type":"text","text":"a"},{"type":"video_url","video_url":{"url":"u"}},{"type":"file","file":{"file_id":"f"}}]""";
        Assert.Contains("video_url", Of(Chat(content), Model with { MaxInputTokens = null }).Refusal!.Message);
    }
}
