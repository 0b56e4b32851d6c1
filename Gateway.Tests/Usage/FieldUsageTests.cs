using Gateway.Core.Usage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Usage;

/// <summary>
/// Every form of usage that is known from the field; parts of one answer are put together, and a poorer one never replaces a richer one.
/// </summary>
public sealed class FieldUsageTests
{
    public static TheoryData<string> All => [.. FieldRecording.Usages.Select(row => row.Name)];

    [Theory, MemberData(nameof(All))]
    public void A_usage_is_found_where_it_stands_and_counted_once(string name)
    {
        var recorded = FieldRecording.Usage(name);
        var answer = Meter(recorded);
        var usage = answer.Usage!.Value;
        var expected = recorded.Expected;
        Assert.Equal(
            (Number("prompt"), Number("completion"), Number("cached"), Number("reasoning")),
            (usage.PromptTokens, usage.CompletionTokens, usage.CacheRead, usage.Reasoning)
        );
        Assert.Equal(expected.GetProperty("source").GetString(), answer.UsageSource.ToString(), ignoreCase: true);

        long Number(string member) => expected.GetProperty(member).GetInt64();
    }

    [Fact]
    public void A_prompt_that_is_not_told_is_estimated_from_the_request()
    {
        using var meter = new PlainMeter();
        meter.Feed("""{"choices":[{"message":{"content":"Hello"}}],"usage":{"completion_tokens":3}}"""u8);
        var answer = meter.Close(requestBodyBytes: 40);
        Assert.Equal((UsageSource.Estimated, TokenUsage.OfText(10, 3)), (answer.UsageSource, answer.Usage));
    }

    [Fact]
    public void A_total_that_says_no_more_than_both_sides_changes_nothing()
    {
        var json = """{"prompt_tokens":20,"completion_tokens":10,"total_tokens":25}"""u8;
        Assert.True(UsageReader.TryRead(json, UsageShape.OpenAi, out var usage));
        Assert.Equal(TokenUsage.OfText(20, 10), usage.Tokens);
    }

    [Fact]
    public void The_cost_may_be_an_object()
    {
        var json = """{"prompt_tokens":1,"cost":{"total_cost":0.5,"input_tokens_cost":0.2}}"""u8;
        Assert.True(UsageReader.TryRead(json, UsageShape.OpenAi, out var usage));
        Assert.Equal(Core.Pricing.Money.FromUsd(0.5m), usage.Cost);
    }

    [Fact]
    public void A_usage_deeper_down_is_no_usage_of_the_answer()
    {
        using var meter = new PlainMeter();
        meter.Feed("""{"choices":[{"message":{"content":"Hello","usage":{"prompt_tokens":7}}}],"x":{"usage":{"prompt_tokens":9}}}"""u8);
        Assert.Equal(UsageSource.Estimated, meter.Close(40).UsageSource);
    }

    private static MeteredAnswer Meter(FieldRecording recorded)
    {
        using var meter = new StreamMeter();
        using var reader = new SseEventReader();
        foreach (var data in recorded.Events)
        {
            Observe(reader, meter, [.. "data: "u8, .. data, .. "\n\n"u8]);
        }
        Observe(reader, meter, "data: [DONE]\n\n"u8);
        return meter.Close(requestBodyBytes: 80);
    }

    private static void Observe(SseEventReader reader, StreamMeter meter, ReadOnlySpan<byte> input)
    {
        while (reader.TryRead(ref input, out var sseEvent))
        {
            Assert.NotEqual(ChunkKind.Error, meter.Observe(sseEvent).Kind);
        }
    }
}
