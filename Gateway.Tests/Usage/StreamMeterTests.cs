using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class StreamMeterTests
{
    private const string Hello = """data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hello"}}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public void A_whole_stream_is_complete_with_its_reported_usage()
    {
        var answer = Recorded("chat-stream-usage");
        Assert.Equal(AnswerOutcome.Complete, answer.Outcome);
        Assert.Equal((UsageSource.Reported, TokenUsage.OfText(20, 10)), (answer.UsageSource, answer.Usage));
        Assert.Equal(
            ("chatcmpl-mock", ServiceTier.Default, Money.FromUsd(0.00015m)),
            (answer.AnswerId, answer.ServiceTier, answer.UsageCost)
        );
        Assert.Equal("Hello from the mock provider, all eight words.".Length, answer.ContentBytes);
        Assert.Null(answer.Error);
    }

    [Theory]
    [InlineData("chat-stream-usage")]
    [InlineData("completions-stream-usage")]
    [InlineData("chat-stream-tools")]
    [InlineData("chat-stream-reasoning")]
    [InlineData("chat-stream-n2")]
    [InlineData("chat-stream-nullid")]
    [InlineData("chat-stream-comments")]
    [InlineData("chat-to-anthropic-stream")]
    [InlineData("cost-audio-full-stream")]
    [InlineData("1.81.13/chat-stream-usage")]
    [InlineData("1.81.13/completions-stream-usage")]
    public void Every_recorded_stream_with_usage_is_complete_and_has_one_usage_chunk(string name)
    {
        var (answer, kinds) = Meter(LiteLlmRecording.Open(name).Body);
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Reported), (answer.Outcome, answer.UsageSource));
        Assert.Single(kinds, ChunkKind.UsageOnly);
        Assert.DoesNotContain(ChunkKind.ContentWithUsage, kinds);
        Assert.True(answer.ContentBytes > 0);
    }

    [Theory]
    [InlineData("fault-sseerror-stream", "500")]
    [InlineData("fault-sseerror-429-stream", "429")]
    [InlineData("fault-drop-stream", "500")]
    [InlineData("fault-drop-early-stream", "500")]
    [InlineData("fault-badjson-stream", "500")]
    [InlineData("fault-end-early-stream", "500")]
    [InlineData("fault-stall-stream", "408")]
    [InlineData("chat-stream-repeat", "500")]
    [InlineData("chat-to-anthropic-drop-stream", "500")]
    [InlineData("1.81.13/fault-sseerror-stream", "503")]
    [InlineData("1.81.13/fault-badjson-stream", "503")]
    public void Contract_0_1_1_An_error_frame_means_failed_whatever_follows(string name, string code)
    {
        var answer = Recorded(name);
        Assert.Equal((AnswerOutcome.Failed, code), (answer.Outcome, answer.Error!.Code));
        Assert.NotEmpty(answer.Error.Message!);
        Assert.NotEqual(UsageSource.Reported, answer.UsageSource);
    }

    [Fact]
    public void Contract_0_1_13_An_error_after_keepalive_pings_is_a_failed_stream_and_free()
    {
        var (answer, kinds) = Meter(LiteLlmRecording.Open("opt-keepalive-error").Body);
        Assert.Equal((AnswerOutcome.Failed, UsageSource.None), (answer.Outcome, answer.UsageSource));
        Assert.Equal(ChunkKind.Other, kinds[0]);
        Assert.Equal(AnswerOutcome.Complete, Recorded("opt-keepalive").Outcome);
    }

    [Fact]
    public void Contract_0_1_5_A_streamed_cache_hit_shows_the_first_calls_cost()
    {
        var recording = LiteLlmRecording.Open("opt-cache-stream-2");
        var (answer, _) = Meter(recording.Body);
        Assert.True(answer.UsageCost > Money.Zero);
        Assert.NotEmpty(recording.Headers["x-litellm-cache-key"]);
        Assert.Equal(Money.Zero, LiteLlmCost.Resolve("0.0", isCacheHit: true, isStream: true, answer.UsageCost));
    }

    [Theory]
    [InlineData("1.81.13/fault-drop-stream")]
    [InlineData("1.81.13/fault-end-early-stream")]
    public void Contract_0_1_1_In_1_81_a_truncated_provider_cannot_be_told_from_a_normal_end(string name) =>
        Assert.Equal((AnswerOutcome.Complete, UsageSource.Reported), (Recorded(name).Outcome, Recorded(name).UsageSource));

    [Fact]
    public void Contract_1_5_What_passed_before_the_error_is_estimated()
    {
        var recording = LiteLlmRecording.Open("fault-sseerror-stream");
        var (answer, _) = Meter(recording.Body, recording.RequestBodyBytes);
        Assert.Equal(UsageSource.Estimated, answer.UsageSource);
        Assert.Equal("Hello from the ".Length, answer.ContentBytes);
        Assert.Equal(TokenUsage.OfText((recording.RequestBodyBytes + 3) / 4, 4), answer.Usage);
    }

    [Theory]
    [InlineData("fault-empty-stream")]
    [InlineData("1.81.13/fault-empty-stream")]
    public void Contract_0_1_2_A_200_stream_without_content_and_usage_is_failed_and_free(string name)
    {
        var answer = Recorded(name);
        Assert.Equal((AnswerOutcome.Failed, UsageSource.None), (answer.Outcome, answer.UsageSource));
        Assert.Null(answer.Usage);
    }

    [Fact]
    public void Contract_0_1_3_Usage_zero_with_content_is_estimated()
    {
        var (answer, _) = Meter(
            Hello + """data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""" + "\n\n" + Done,
            requestBodyBytes: 41
        );
        Assert.Equal(
            (AnswerOutcome.Complete, UsageSource.Estimated, TokenUsage.OfText(11, 2)),
            (answer.Outcome, answer.UsageSource, answer.Usage)
        );
    }

    [Fact]
    public void Usage_zero_without_content_is_failed_and_free()
    {
        var (answer, _) = Meter("""data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}""" + "\n\n" + Done);
        Assert.Equal((AnswerOutcome.Failed, UsageSource.None), (answer.Outcome, answer.UsageSource));
    }

    [Theory]
    [InlineData("""data: {"choices":[],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"index":0}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"index":0,"text":"","finish_reason":null}],"usage":{"prompt_tokens":1}}""")]
    public void Contract_0_1_6_The_usage_chunk_is_found_by_its_usage(string chunk) => Assert.Equal(ChunkKind.UsageOnly, KindOf(chunk));

    [Theory]
    [InlineData("""data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"delta":{"role":"assistant","content":""}}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""data: {"choices":[{"text":"a"}],"usage":{"prompt_tokens":1}}""")]
    public void A_chunk_that_says_more_than_usage_is_not_a_usage_chunk(string chunk) =>
        Assert.Equal(ChunkKind.ContentWithUsage, KindOf(chunk));

    [Theory]
    [InlineData("""data: {"choices":[],"usage":null}""", ChunkKind.Content)]
    [InlineData("""data: {"choices":[]}""", ChunkKind.Content)]
    [InlineData("data: [DONE]", ChunkKind.Done)]
    [InlineData(": ping", ChunkKind.Other)]
    [InlineData("data: {broken", ChunkKind.Other)]
    [InlineData("data: null", ChunkKind.Other)]
    [InlineData("""data: {"error": {"message":"x"}}""", ChunkKind.Error)]
    [InlineData("event: error\ndata: {\"message\":\"x\"}", ChunkKind.Error)]
    [InlineData("""data: {"error":null,"choices":[]}""", ChunkKind.Content)]
    public void Every_other_event_is_told_by_what_it_is(string chunk, ChunkKind kind) => Assert.Equal(kind, KindOf(chunk));

    [Fact]
    public void Of_several_usages_the_last_counts()
    {
        var (answer, _) = Meter(
            """data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"""
                + "\n\n"
                + """data: {"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"""
                + "\n\n"
                + """data: {"choices":[{"delta":{}}],"usage":null}"""
                + "\n\n"
                + Done
        );
        Assert.Equal(TokenUsage.OfText(5, 2), answer.Usage);
    }

    [Fact]
    public void Contract_1_5_A_stream_without_DONE_is_truncated()
    {
        var (answer, _) = Meter(Hello);
        Assert.Equal((AnswerOutcome.Truncated, UsageSource.Estimated), (answer.Outcome, answer.UsageSource));
    }

    [Fact]
    public void A_last_line_without_its_blank_line_is_still_read()
    {
        var (answer, _) = Meter(Hello + "data: [DONE]");
        Assert.Equal(AnswerOutcome.Complete, answer.Outcome);
    }

    [Fact]
    public void The_id_is_the_first_chunks_that_has_one()
    {
        var (answer, _) = Meter("""data: {"id":null,"choices":[]}""" + "\n\n" + Hello + Hello.Replace("c1", "c2") + Done);
        Assert.Equal("c1", answer.AnswerId);
    }

    [Fact]
    public void An_event_too_large_to_hold_is_read_as_it_passes()
    {
        var image = new string('A', 5_000);
        var large =
            "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"images\":[{\"image_url\":{\"url\":\""
            + image
            + "\"}}]}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1290}}\n\n";
        foreach (var size in new[] { 1, 13, 4_096, 100_000 })
        {
            var (answer, kinds) = MeterInPieces(large + Done, size, maxEventBytes: 1_000);
            Assert.Equal(
                (UsageSource.Reported, TokenUsage.OfText(7, 1_290), true, 0L),
                (answer.UsageSource, answer.Usage, answer.HasContent, answer.ContentBytes)
            );
            Assert.Equal(ChunkKind.ContentWithUsage, kinds[^2]);
        }
    }

    [Fact]
    public void An_image_counts_as_an_image_when_nobody_says_what_it_took()
    {
        var large =
            """data: {"choices":[{"delta":{"images":[{"image_url":{"url":"data:image/png;base64,"""
            + new string('A', 50_000)
            + "\"}}]}}]}\n\n";
        var (answer, _) = MeterInPieces(large, 8_192, maxEventBytes: 1_000);
        Assert.Equal((UsageSource.Estimated, new TokenUsage { OutputImage = 1_290 }), (answer.UsageSource, answer.Usage));
    }

    [Fact]
    public void An_event_that_never_ends_counts_as_far_as_it_came()
    {
        var (answer, _) = MeterInPieces("""data: {"choices":[{"delta":{"content":" """ + new string('x', 4_000), 512, maxEventBytes: 1_000);
        Assert.Equal((AnswerOutcome.Truncated, 4_001L), (answer.Outcome, answer.ContentBytes));
    }

    [Fact]
    public void What_is_no_event_stream_counts_as_text_that_nobody_can_read()
    {
        using var meter = new StreamMeter();
        Observe(meter, Encoding.UTF8.GetBytes(new string('x', 4_000)), 512, 1_000, []);
        Assert.Equal(0, meter.ContentBytes); // no reason to hold more
        Assert.Equal(1_000, meter.Close(0).Usage!.Value.Output);
    }

    [Fact]
    public void A_comment_too_large_to_hold_is_no_content()
    {
        var (answer, _) = MeterInPieces(": " + new string('x', 4_000) + "\n\n" + Done, 512, maxEventBytes: 1_000);
        Assert.Equal((AnswerOutcome.Failed, UsageSource.None), (answer.Outcome, answer.UsageSource));
    }

    [Fact]
    public void A_done_mark_behind_a_comment_too_large_to_hold_is_found()
    {
        var (answer, kinds) = MeterInPieces(Hello + ": " + new string('x', 4_000) + "\n" + Done, 512, maxEventBytes: 1_000);
        Assert.Equal((AnswerOutcome.Complete, ChunkKind.Done), (answer.Outcome, kinds[^1]));
    }

    [Theory]
    [InlineData(
        """{"id":"a","choices":[{"delta":{"content":"x"}}],"usage":{"a":1}}""",
        """{"id":"a","choices":[{"delta":{"content":"x"}}]}"""
    )]
    [InlineData("""{"usage" : {"a":1} , "choices":[{"delta":{"content":"x"}}]}""", """{ "choices":[{"delta":{"content":"x"}}]}""")]
    [InlineData(
        """{"choices":[{"delta":{"content":"x"}}], "usage":{"a":1}, "service_tier":"d"}""",
        """{"choices":[{"delta":{"content":"x"}}], "service_tier":"d"}"""
    )]
    public void The_usage_is_cut_out_and_every_other_byte_stays(string data, string without) =>
        Assert.Equal($"event: e\r\nid: 7\r\ndata:{without}\r\n\r\n", Cut($"event: e\r\nid: 7\r\ndata:{data}\r\n\r\n"));

    [Fact]
    public void The_usage_is_cut_out_of_data_in_several_lines()
    {
        var cut = Cut("event: e\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\ndata: \"usage\":{\ndata: },\"a\":1}\n\n");
        Assert.Equal("event: e\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"a\":1}\n\n", cut);
    }

    [Fact]
    public void A_meter_made_new_knows_nothing_of_the_stream_before()
    {
        using var meter = new StreamMeter();
        Feed(meter, Encoding.UTF8.GetBytes(Hello + Done), []);
        meter.Reset();
        var answer = meter.Close(100);
        Assert.Equal(
            (AnswerOutcome.Failed, UsageSource.None, 0L, null),
            (answer.Outcome, answer.UsageSource, answer.ContentBytes, answer.AnswerId)
        );
    }

    [Fact]
    public void Metering_allocates_nothing_per_chunk()
    {
        using var reader = new SseEventReader();
        using var meter = new StreamMeter();
        var stream = LiteLlmRecording.Open("chat-stream-trickle").Body;
        Observe(reader, meter, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Observe(reader, meter, stream);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Observe(SseEventReader reader, StreamMeter meter, ReadOnlySpan<byte> input)
    {
        while (reader.TryRead(ref input, out var e))
        {
            meter.Observe(e);
        }
    }

    private static MeteredAnswer Recorded(string name) => Meter(LiteLlmRecording.Open(name).Body).Answer;

    private static (MeteredAnswer Answer, List<ChunkKind> Kinds) Meter(string stream, long requestBodyBytes = 0) =>
        Meter(Encoding.UTF8.GetBytes(stream), requestBodyBytes);

    private static (MeteredAnswer Answer, List<ChunkKind> Kinds) Meter(byte[] stream, long requestBodyBytes = 0)
    {
        using var meter = new StreamMeter();
        var kinds = new List<ChunkKind>();
        Feed(meter, stream, kinds);
        return (meter.Close(requestBodyBytes), kinds);
    }

    private static void Feed(StreamMeter meter, ReadOnlySpan<byte> input, List<ChunkKind> kinds)
    {
        using var reader = new SseEventReader();
        while (reader.TryRead(ref input, out var e))
        {
            kinds.Add(meter.Observe(e).Kind);
        }
        if (reader.TryReadTail(out var tail))
        {
            kinds.Add(meter.Observe(tail).Kind);
        }
    }

    private static (MeteredAnswer Answer, List<ChunkKind> Kinds) MeterInPieces(string stream, int pieceSize, int maxEventBytes)
    {
        using var meter = new StreamMeter();
        var kinds = new List<ChunkKind>();
        Observe(meter, Encoding.UTF8.GetBytes(stream), pieceSize, maxEventBytes, kinds);
        return (meter.Close(0), kinds);
    }

    private static void Observe(StreamMeter meter, byte[] stream, int pieceSize, int maxEventBytes, List<ChunkKind> kinds)
    {
        using var reader = new SseEventReader(maxEventBytes);
        foreach (var part in stream.Chunk(pieceSize))
        {
            ReadOnlySpan<byte> piece = part;
            while (reader.TryRead(ref piece, out var e))
            {
                kinds.Add(meter.Observe(e).Kind);
            }
        }
    }

    private static ChunkKind KindOf(string chunk) => Assert.Single(Meter(chunk + "\n\n").Kinds);

    private static string Cut(string chunk)
    {
        using var reader = new SseEventReader();
        using var meter = new StreamMeter();
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(chunk);
        Assert.True(reader.TryRead(ref input, out var e));
        var report = meter.Observe(e);
        Assert.Equal(ChunkKind.ContentWithUsage, report.Kind);
        var output = new ArrayBufferWriter<byte>();
        ChunkRewriter.WriteWithoutUsage(e, report, output);
        ReadOnlySpan<byte> cut = output.WrittenSpan;
        Assert.True(new SseEventReader().TryRead(ref cut, out var again));
        JsonDocument.Parse(again.Data.ToArray()).Dispose();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
