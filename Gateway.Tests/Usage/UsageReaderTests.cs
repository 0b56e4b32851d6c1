using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Tests.Usage;

public sealed class UsageReaderTests
{
    [Fact]
    public void Cached_and_written_tokens_are_taken_out_of_the_prompt() =>
        Assert.Equal(
            new()
            {
                Input = 200,
                CacheRead = 1500,
                CacheWrite = 300,
                Output = 100,
            },
            OpenAi(
                """{"completion_tokens":100,"prompt_tokens":2000,"prompt_tokens_details":{"audio_tokens":0,"cache_write_tokens":300,"cached_tokens":1500,"cache_creation_tokens":300}}"""
            )
        );

    [Fact]
    public void The_same_number_under_several_names_is_counted_once() =>
        Assert.Equal(
            new()
            {
                Input = 50,
                CacheRead = 3000,
                CacheWrite = 600,
                CacheWrite1h = 400,
                Output = 30,
            },
            OpenAi(
                """
                {"completion_tokens":30,"prompt_tokens":4050,"prompt_tokens_details":{"cache_write_tokens":1000,"cached_tokens":3000,"text_tokens":50,"cache_creation_tokens":1000,
                 "cache_creation_token_details":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":400}},"cache_creation_input_tokens":1000,"cache_read_input_tokens":3000}
                """
            )
        );

    [Fact]
    public void Text_tokens_are_never_looked_at() =>
        Assert.Equal(
            new()
            {
                Input = 500,
                CacheRead = 1500,
                Output = 100,
                Reasoning = 250,
            },
            OpenAi(
                """{"prompt_tokens":2000,"completion_tokens":350,"prompt_tokens_details":{"text_tokens":2000,"cached_tokens":1500},"completion_tokens_details":{"reasoning_tokens":250,"text_tokens":350}}"""
            )
        );

    [Fact]
    public void Sound_and_pictures_that_were_cached_are_no_second_time_sound_and_pictures() =>
        Assert.Equal(
            new TokenUsage
            {
                Input = 55,
                CacheRead = 64,
                InputAudio = 3,
                InputImage = 5,
                Output = 30,
                OutputAudio = 91,
            }
                .With(TokenClass.CacheReadAudio, 10)
                .With(TokenClass.CacheReadImage, 2),
            OpenAi(
                """
                {"total_tokens":260,"input_tokens":139,"output_tokens":121,
                 "input_token_details":{"text_tokens":119,"audio_tokens":13,"image_tokens":7,"cached_tokens":76,
                  "cached_tokens_details":{"text_tokens":64,"audio_tokens":10,"image_tokens":2}},
                 "output_token_details":{"text_tokens":30,"audio_tokens":91}}
                """
            )
        );

    [Fact]
    public void Audio_and_images_are_classes_of_their_own() =>
        Assert.Equal(
            new()
            {
                Input = 30,
                InputAudio = 50,
                InputImage = 20,
                Output = 10,
                OutputAudio = 60,
                OutputImage = 30,
            },
            OpenAi(
                """{"prompt_tokens":100,"completion_tokens":100,"prompt_tokens_details":{"audio_tokens":50,"image_tokens":20},"completion_tokens_details":{"audio_tokens":60,"image_tokens":30}}"""
            )
        );

    [Fact]
    public void Predicted_tokens_are_inside_the_completion() =>
        Assert.Equal(
            TokenUsage.OfText(100, 90),
            OpenAi(
                """{"prompt_tokens":100,"completion_tokens":90,"completion_tokens_details":{"accepted_prediction_tokens":30,"rejected_prediction_tokens":20}}"""
            )
        );

    [Fact]
    public void DeepSeeks_cache_hits_are_cache_reads() =>
        Assert.Equal(
            new()
            {
                Input = 500,
                CacheRead = 1500,
                Output = 100,
            },
            OpenAi("""{"prompt_tokens":2000,"completion_tokens":100,"prompt_cache_hit_tokens":1500,"prompt_cache_miss_tokens":500}""")
        );

    [Fact]
    public void Responses_count_like_chat_under_other_names() =>
        Assert.Equal(
            new()
            {
                Input = 200,
                CacheRead = 1500,
                CacheWrite = 300,
                Output = 50,
                Reasoning = 250,
            },
            Read(
                """{"input_tokens":2000,"input_tokens_details":{"audio_tokens":null,"cached_tokens":1500,"cache_write_tokens":300},"output_tokens":300,"output_tokens_details":{"reasoning_tokens":250},"total_tokens":2300,"cost":null}""",
                UsageShape.Responses
            ).Tokens
        );

    [Fact]
    public void Messages_count_the_cache_beside_the_input() =>
        Assert.Equal(
            new()
            {
                Input = 50,
                CacheRead = 3000,
                CacheWrite = 600,
                CacheWrite1h = 400,
                Output = 30,
            },
            Read(
                """{"input_tokens":50,"cache_creation_input_tokens":1000,"cache_read_input_tokens":3000,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":400},"output_tokens":30}""",
                UsageShape.Messages
            ).Tokens
        );

    [Fact]
    public void The_two_halves_of_a_Messages_stream_are_merged()
    {
        var reader = new UsageReader();
        Assert.True(
            reader.TryAdd(
                """{"input_tokens":50,"cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":600,"ephemeral_1h_input_tokens":400},"output_tokens":1}"""u8
            )
        );
        Assert.True(reader.TryAdd("""{"input_tokens":50,"cache_creation_input_tokens":1000,"output_tokens":30}"""u8));
        Assert.Equal(
            new()
            {
                Input = 50,
                CacheWrite = 600,
                CacheWrite1h = 400,
                Output = 30,
            },
            reader.ToUsage(UsageShape.Messages).Tokens
        );
    }

    [Fact]
    public void Web_searches_and_seconds_are_items()
    {
        Assert.Equal(
            2,
            OpenAi(
                """{"prompt_tokens":1,"server_tool_use":{"web_search_requests":2},"prompt_tokens_details":{"web_search_requests":2}}"""
            ).Items.WebSearches
        );
        Assert.Equal(12_500, Read("""{"type":"duration","seconds":12.5}""", UsageShape.Responses).Tokens.Items.InputMilliseconds);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":"20","completion_tokens":"10"}""")]
    [InlineData("""{"prompt_tokens":20.0,"completion_tokens":9.2}""")]
    [InlineData("""{"prompt_tokens":2e1,"completion_tokens":10}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":10,"prompt_tokens_details":null,"completion_tokens_details":[1,{"a":2}]}""")]
    [InlineData("""{"prompt_tokens":20,"total_tokens":30}""")]
    [InlineData("""{"completion_tokens":10,"total_tokens":30}""")]
    [InlineData(
        """{"prompt_tokens":20,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":-5,"audio_tokens":"x","image_tokens":null}}"""
    )]
    [InlineData("""{"unknown":{"deep":[1,2,{"prompt_tokens":7}]},"prompt_tokens":20,"completion_tokens":10}""")]
    public void Other_ways_to_write_the_same_numbers_are_understood(string json) => Assert.Equal(TokenUsage.OfText(20, 10), OpenAi(json));

    [Fact]
    public void A_count_beyond_reason_is_cut()
    {
        var usage = OpenAi("""{"prompt_tokens":99999999999999999999,"completion_tokens":1e300}""");
        Assert.Equal(TokenUsage.OfText(TokenUsage.MaxCount, TokenUsage.MaxCount), usage);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":9223372036854775808}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":1e400}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":"-1e400"}""")]
    [InlineData("""{"prompt_tokens":20.5,"completion_tokens":10}""")]
    [InlineData("""{"prompt_tokens":-20,"completion_tokens":10}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":10,"total_tokens":1e30}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":1e30}}""")]
    public void A_usage_with_what_is_no_count_is_impossible(string json) => Assert.True(Read(json, UsageShape.OpenAi).IsImpossible);

    [Theory]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":10}""")]
    [InlineData("""{"prompt_tokens":20.0,"completion_tokens":1e1}""")]
    [InlineData("""{"prompt_tokens":"20","completion_tokens":null}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":-1}}""")]
    [InlineData("""{"prompt_tokens":20,"completion_tokens":281474976710656}""")]
    [InlineData("""{"input_tokens":20,"seconds":1.5}""")]
    public void A_usage_of_whole_numbers_is_not(string json) => Assert.False(Read(json, UsageShape.OpenAi).IsImpossible);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"usage\"")]
    [InlineData("{\"prompt_tokens\":1")]
    [InlineData("{\"prompt_tokens\":}")]
    public void What_is_no_usage_object_is_no_usage(string json) =>
        Assert.False(UsageReader.TryRead(Encoding.UTF8.GetBytes(json), UsageShape.OpenAi, out _));

    [Fact]
    public void A_usage_that_breaks_in_the_middle_adds_nothing()
    {
        var reader = new UsageReader();
        Assert.True(reader.TryAdd("""{"prompt_tokens":1}"""u8));
        Assert.False(reader.TryAdd("""{"prompt_tokens":100,"""u8));
        Assert.Equal(1, reader.ToUsage(UsageShape.OpenAi).Tokens.Input);
    }

    [Fact]
    public void Cost_tier_and_details_are_reported()
    {
        var usage = Read("""{"prompt_tokens":1,"cost":5.1e-05,"service_tier":"priority","prompt_tokens_details":{}}""", UsageShape.OpenAi);
        Assert.Equal(
            (Money.FromUsd(0.000051m), ServiceTier.Priority, true),
            (usage.Cost!.Value, usage.ServiceTier!.Value, usage.HasDetails)
        );
        var bare = Read("""{"prompt_tokens":0,"completion_tokens":0,"cost":null}""", UsageShape.OpenAi);
        Assert.True(bare.IsZero);
        Assert.Equal((null, null, false), (bare.Cost, bare.ServiceTier, bare.HasDetails));
    }

    [Fact]
    public void The_classes_always_add_up_to_the_prompt_and_the_completion()
    {
        var count = Gen.Frequency((3, Gen.Choose(-5, 50)), (1, Gen.Choose(0, 100_000)));
        Prop.ForAll(
                count.ArrayOf(12).ToArbitrary(),
                n =>
                {
                    var json = $$$"""
                        {"prompt_tokens":{{{n[0]}}},"completion_tokens":{{{n[1]}}},
                         "prompt_tokens_details":{"cached_tokens":{{{n[2]}}},"cache_creation_tokens":{{{n[3]}}},"audio_tokens":{{{n[
                            4
                        ]}}},"image_tokens":{{{n[5]}}},"video_tokens":{{{n[6]}}},
                           "cache_creation_token_details":{"ephemeral_5m_input_tokens":{{{n[7]}}},"ephemeral_1h_input_tokens":{{{n[8]}}}}},
                         "completion_tokens_details":{"reasoning_tokens":{{{n[9]}}},"audio_tokens":{{{n[10]}}},"image_tokens":{{{n[11]}}}}}
                        """;
                    var usage = OpenAi(json);
                    long[] classes =
                    [
                        usage.Input,
                        usage.CacheRead,
                        usage.CacheWrite,
                        usage.CacheWrite1h,
                        usage.InputAudio,
                        usage.InputImage,
                        usage.InputVideo,
                        usage.Output,
                        usage.Reasoning,
                        usage.OutputAudio,
                        usage.OutputImage,
                    ];
                    return usage.PromptTokens == Math.Max(0, n[0])
                        && usage.CompletionTokens == Math.Max(0, n[1])
                        && classes.All(tokens => tokens >= 0);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static TokenUsage OpenAi(string json) => Read(json, UsageShape.OpenAi).Tokens;

    private static ReportedUsage Read(string json, UsageShape shape)
    {
        Assert.True(UsageReader.TryRead(Encoding.UTF8.GetBytes(json), shape, out var usage));
        return usage;
    }
}
