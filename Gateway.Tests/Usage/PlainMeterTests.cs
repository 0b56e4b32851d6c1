using System.Text;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class PlainMeterTests
{
    public static TheoryData<string> PricedAnswers =>
        [
            .. LiteLlmRecording
                .Names("chat-*")
                .Concat(LiteLlmRecording.Names("completions-*"))
                .Concat(LiteLlmRecording.Names("embeddings-*"))
                .Where(name => LiteLlmRecording.Open(name) is { Status: 200, IsStream: false, Expected: not null }),
        ];

    [Fact]
    public void A_plain_answer_is_complete_with_its_usage_id_tier_and_content()
    {
        var answer = Meter(LiteLlmRecording.Open("chat-plain").Body);
        Assert.Equal(
            (AnswerOutcome.Complete, UsageSource.Reported, TokenUsage.OfText(20, 10)),
            (answer.Outcome, answer.UsageSource, answer.Usage)
        );
        Assert.Equal(("chatcmpl-mock", ServiceTier.Default, null), (answer.AnswerId, answer.ServiceTier, answer.UsageCost));
        Assert.Equal("Hello from the mock provider, all eight words.".Length, answer.ContentBytes);
    }

    [Theory]
    [MemberData(nameof(PricedAnswers))]
    public void Every_recorded_answer_with_a_price_is_complete_and_reported(string name)
    {
        var answer = Meter(LiteLlmRecording.Open(name).Body);
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Reported), (answer.Outcome, answer.UsageSource));
        Assert.True(answer.HasContent);
    }

    [Fact]
    public void Contract_0_1_3_Usage_zero_with_content_is_estimated()
    {
        var recording = LiteLlmRecording.Open("chat-nousage");
        var answer = Meter(recording.Body, requestBodyBytes: recording.RequestBodyBytes);
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Estimated), (answer.Outcome, answer.UsageSource));
        Assert.Equal(TokenUsage.OfText((recording.RequestBodyBytes + 3) / 4, 12), answer.Usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("<html>error</html>")]
    public void Contract_4_1_A_200_without_an_answer_is_failed_and_free(string body)
    {
        var answer = Meter(Encoding.UTF8.GetBytes(body));
        Assert.Equal((AnswerOutcome.Failed, UsageSource.None, null), (answer.Outcome, answer.UsageSource, answer.Usage));
    }

    [Fact]
    public void An_error_inside_a_200_is_failed()
    {
        var answer = Meter("""{"error":{"message":"boom","type":"t","code":500,"param":{"x":[1]}}}"""u8.ToArray());
        Assert.Equal((AnswerOutcome.Failed, new AnswerError("boom", "t", "500")), (answer.Outcome, answer.Error));
        Assert.Equal("just text", Meter("""{"error":"just text"}"""u8.ToArray()).Error!.Message);
    }

    /// <summary>Every place where upstreams put what a model made, and how many bytes of text it is.</summary>
    public static TheoryData<string, long> Contents =>
        new()
        {
            { """{"content":"four"}""", 4 },
            { """{"content":["four",{"type":"text","text":"five5"}]}""", 9 },
            { """{"content":{"type":"text","text":"four"}}""", 4 },
            { """{"reasoning":"four"}""", 4 },
            { """{"reasoning_content":"four"}""", 4 },
            { """{"reasoning_text":"four"}""", 4 },
            { """{"thinking":"four"}""", 4 },
            { """{"reasoning":{"summary":"four"}}""", 4 },
            { """{"reasoning_details":[{"type":"reasoning.text","text":"four","signature":"s"}]}""", 4 },
            { """{"reasoning_details":[{"type":"reasoning.summary","summary":"four"}]}""", 4 },
            { """{"reasoning_details":[{"type":"reasoning.summary","summary":[{"text":"four"}]}]}""", 4 },
            { """{"reasoning_details":[{"type":"reasoning.encrypted","data":"AAAA"}]}""", 0 },
            { """{"thinking_blocks":[{"type":"thinking","thinking":"four","signature":"s"}]}""", 4 },
            { """{"thinking_blocks":[{"type":"redacted_thinking","data":"AAAA"}]}""", 0 },
            { """{"content":[{"type":"thinking","thinking":[{"type":"text","text":"four"}]}]}""", 4 },
            { """{"content":[{"type":"thinking","thinking":"four"}]}""", 4 },
            { """{"content":[{"type":"image_url","image_url":{"url":"data:"}}]}""", 0 },
            { """{"content":[{"type":"image","image":"AAAA"}]}""", 0 },
            { """{"content":[{"type":"output_audio","audio":{"data":"AAAA","transcript":"four"}}]}""", 4 },
            { """{"content":[{"type":"file","file":{"file_data":"AAAA"}}]}""", 0 },
            { """{"images":[{"type":"image_url","image_url":{"url":"data:"}}]}""", 0 },
            { """{"audio":{"id":"a","data":"AAAA"}}""", 0 },
            { """{"audio":{"id":"a","transcript":"four"}}""", 4 },
            { """{"refusal":"four"}""", 4 },
            { """{"tool_calls":[{"index":0,"function":{"arguments":"four"}}]}""", 4 },
            { """{"tool_calls":[{"index":0,"function":{"arguments":{"city":["Bern"]}}}]}""", 4 },
            { """{"tool_calls":[{"index":0,"custom":{"input":"four"}}]}""", 4 },
            { """{"tool_calls":[{"index":0,"name":"four"}]}""", 4 },
            { """{"function_call":{"arguments":"four"}}""", 4 },
        };

    [Theory, MemberData(nameof(Contents))]
    public void Whatever_a_model_made_is_content_in_an_answer_and_in_a_stream(string message, long textBytes)
    {
        var plain = Meter(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"message":{{message}},"finish_reason":"stop"}]}"""));
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Estimated, textBytes), (plain.Outcome, plain.UsageSource, plain.ContentBytes));
        using var meter = new StreamMeter();
        using var reader = new SseEventReader();
        ReadOnlySpan<byte> chunk = Encoding.UTF8.GetBytes($$"""data: {"choices":[{"index":0,"delta":{{message}}}]}""" + "\n\n");
        Assert.True(reader.TryRead(ref chunk, out var e));
        meter.Observe(e);
        Assert.Equal((UsageSource.Estimated, textBytes), (meter.Close(0).UsageSource, meter.ContentBytes));
    }

    [Theory]
    [
        InlineData("""{"reasoning":"","content":null}"""),
        InlineData("""{"reasoning_details":[]}"""),
        InlineData("""{"images":[]}"""),
        InlineData("""{"audio":null}""")
    ]
    [
        InlineData("""{"thinking_blocks":[{"type":"thinking","thinking":"","signature":"s"}]}"""),
        InlineData("""{"provider_specific_fields":{"reasoning":"x"}}"""),
        InlineData("""{"role":"assistant","name":"x"}""")
    ]
    public void What_holds_nothing_is_no_content(string message) =>
        Assert.Equal(UsageSource.None, Meter(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"message":{{message}}}]}""")).UsageSource);

    [Fact]
    public void A_thought_under_several_names_counts_once()
    {
        var answer = Meter(
            """{"choices":[{"message":{"reasoning":"four","reasoning_content":"four","reasoning_details":[{"text":"four"}],"content":"five5"}}]}"""u8.ToArray()
        );
        Assert.Equal(9, answer.ContentBytes);
    }

    [Fact]
    public void Sound_is_estimated_by_its_length_and_pictures_by_the_piece()
    {
        var message =
            "{\"audio\":{\"data\":\""
            + new string('A', 6_400)
            + "\"},\"images\":[{\"image_url\":{\"url\":\"x\"}},{\"image_url\":{\"url\":\"y\"}}]}";
        var answer = Meter(Encoding.UTF8.GetBytes("{\"choices\":[{\"message\":" + message + "}]}"));
        Assert.Equal(new TokenUsage { OutputAudio = 2, OutputImage = 2_580 }, answer.Usage);
    }

    [Fact]
    public void An_answer_cut_off_after_content_is_truncated_and_estimated()
    {
        var body = LiteLlmRecording.Open("chat-plain").Body;
        var answer = Meter(body[..(body.Length / 2)]);
        Assert.Equal((AnswerOutcome.Truncated, UsageSource.Estimated), (answer.Outcome, answer.UsageSource));
    }

    [Fact]
    public void An_empty_answer_with_usage_is_complete()
    {
        var answer = Meter("""{"choices":[{"message":{"content":""}}],"usage":{"prompt_tokens":3,"completion_tokens":0}}"""u8.ToArray());
        Assert.Equal((AnswerOutcome.Complete, TokenUsage.OfText(3, 0)), (answer.Outcome, answer.Usage));
    }

    [Fact]
    public void Every_cut_of_a_recorded_answer_gives_the_same_result()
    {
        var body = LiteLlmRecording.Open("chat-tools").Body;
        var whole = Meter(body);
        for (var cut = 0; cut <= body.Length; cut++)
        {
            Assert.Equal(whole, Meter(body, cut));
        }
    }

    [Fact]
    public void Images_and_transcriptions_are_metered_by_their_own_counts()
    {
        var image = Meter(LiteLlmRecording.Open("images-usage").Body, shape: UsageShape.Responses);
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Reported), (image.Outcome, image.UsageSource));
        Assert.True(image.Usage!.Value.CompletionTokens > 0);
        var spoken = Meter(LiteLlmRecording.Open("transcription-json").Body, shape: UsageShape.Responses);
        Assert.Equal(13_000, spoken.Usage!.Value.Items.InputMilliseconds);
    }

    [Fact]
    public void Feeding_allocates_nothing()
    {
        using var meter = new PlainMeter();
        var body = LiteLlmRecording.Open("chat-plain").Body;
        meter.Feed(body);
        meter.Reset();
        var before = GC.GetAllocatedBytesForCurrentThread();
        meter.Feed(body.AsSpan(0, 100));
        meter.Feed(body.AsSpan(100));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(meter.IsWhole);
    }

    private static MeteredAnswer Meter(byte[] body, int cut = 0, long requestBodyBytes = 0, UsageShape shape = UsageShape.OpenAi)
    {
        using var meter = new PlainMeter(shape);
        meter.Feed(body.AsSpan(0, cut));
        meter.Feed(body.AsSpan(cut));
        return meter.Close(requestBodyBytes);
    }
}
