using System.Text;
using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using Gateway.Tests.Usage;

namespace Gateway.Tests.Pricing;

/// <summary>
/// All 98 priced calls to a real LiteLLM: its usage through our reader, its prices through our price reader, and our calculator must
/// give usage times price. Where the truth is another number, <see cref="Exceptions"/> says which and why.
/// </summary>
public sealed class RecordedCostTests
{
    private const string InputOutput = """{"input_cost_per_token":2.0e-6,"output_cost_per_token":1.1e-5}""";

    private const string Full = """
        {"input_cost_per_token":2.0e-6,"output_cost_per_token":1.1e-5,"cache_read_input_token_cost":3.0e-7,"cache_creation_input_token_cost":2.5e-6,
         "cache_creation_input_token_cost_above_1hr":4.0e-6,"output_cost_per_reasoning_token":1.7e-5,"input_cost_per_audio_token":4.1e-5,
         "output_cost_per_audio_token":8.3e-5,"input_cost_per_image_token":5.0e-6}
        """;

    private const string Service = """
        {"input_cost_per_token":2.0e-6,"output_cost_per_token":1.1e-5,"input_cost_per_token_flex":1.0e-6,"output_cost_per_token_flex":5.0e-6,
         "input_cost_per_token_priority":4.0e-6,"output_cost_per_token_priority":2.3e-5}
        """;

    private static readonly Dictionary<string, decimal> Exceptions = new()
    {
        // Own input and output price of a model of the map: LiteLLM 1.109 keeps the map's cache price and says so in /model/info.
        ["cost-cached-map-io"] = 0.003975m,
        ["cost-cached-map-io-stream"] = 0.003975m,
        ["cost-cached-map-mi-io"] = 0.003975m,
        ["cost-cached-map-mi-io-stream"] = 0.003975m,
        // What the provider says it charged is not what the model is sold at: own prices are configured.
        ["cost-provider-cost"] = 0.00015m,
        ["cost-provider-cost-stream"] = 0.00015m,
        // LiteLLM reports 4 reasoning tokens, counted by itself, and charges them so; the provider gave no such number.
        ["cost-claude-thinking"] = 0.001394m,
        ["cost-claude-thinking-stream"] = 0.001394m,
        // Responses to an Anthropic upstream: the answer tells the cache writes (1000) but not that 400 of them are for an hour.
        ["cost-claude-cache-full-responses"] = 0.00383m,
        ["cost-claude-cache-full-responses-stream"] = 0.00383m,
    };

    public static TheoryData<string> PricedCalls => [.. CallNames()];

    [Theory]
    [MemberData(nameof(PricedCalls))]
    public void Reported_usage_at_the_configured_price_gives_the_expected_cost(string name)
    {
        using var table = LiteLlmRecording.OpenTable("costs");
        var call = table.RootElement.EnumerateArray().Single(row => row.GetProperty("name").GetString() == name);
        var prices = PricesOf(name);
        if (name.StartsWith("cost-provider-cost-unpriced", StringComparison.Ordinal))
        {
            Assert.True(prices.IsEmpty); // only the provider's figure is known, and that is upstream_cost, not a price
            return;
        }
        var expected = Exceptions.TryGetValue(name, out var exception) ? exception : call.GetProperty("expected").GetDecimal();
        var tier = name.StartsWith("cost-service-", StringComparison.Ordinal)
            ? ServiceTiers.Parse(name.Split('-')[2])
            : ServiceTier.Default;

        var cost = CostCalculator.Cost(prices, UsageOf(call), tier);

        Assert.Equal(Money.FromUsd(expected), cost.Total);
        Assert.False(cost.IsIncomplete);
    }

    public static TheoryData<string> RecordedChats =>
        [.. LiteLlmRecording.Names("cost-*").Where(name => !name.Contains("messages", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RecordedChats))]
    public void A_recorded_chat_through_the_meters_costs_what_LiteLLM_says(string name)
    {
        var recording = LiteLlmRecording.Open(name);
        var answer = recording.IsStream ? MeterStream(recording.Body) : MeterPlain(recording.Body);
        var upstream = LiteLlmCost.Resolve(
            recording.Headers["x-litellm-response-cost"].FirstOrDefault(),
            isCacheHit: false,
            recording.IsStream,
            answer.UsageCost
        );

        var cost = CostCalculator.Cost(PricesOf(name), answer.Usage!.Value, answer.ServiceTier ?? ServiceTier.Default);

        Assert.Equal((AnswerOutcome.Complete, UsageSource.Reported), (answer.Outcome, answer.UsageSource));
        Assert.Equal(upstream, cost.Total);
    }

    [Fact]
    public void All_98_calls_are_checked_and_the_exceptions_are_few()
    {
        var names = CallNames();
        Assert.Equal(98, names.Count);
        Assert.All(Exceptions.Keys, name => Assert.Contains(name, names));
    }

    [Theory]
    [InlineData("images-usage", "model-info-image")]
    [InlineData("transcription-json", "model-info-stt")]
    public void Images_and_transcriptions_come_out_too(string name, string prices)
    {
        var recording = LiteLlmRecording.Open(name);
        using var meter = new PlainMeter(UsageShape.Responses);
        meter.Feed(recording.Body);
        var usage = meter.Close(recording.RequestBodyBytes).Usage!.Value;
        Assert.Equal(Money.FromUsd(recording.Expected!.Value), CostCalculator.Cost(Recorded(prices), usage, ServiceTier.Default).Total);
    }

    [Fact]
    public void A_transcription_priced_by_the_token_comes_out_too()
    {
        var recording = LiteLlmRecording.Open("transcription-tokens");
        using var meter = new PlainMeter(UsageShape.Responses);
        meter.Feed(recording.Body);
        Assert.True(ShippedPrices.TryFind("gpt-4o-transcribe", out var shipped));
        Assert.Equal(
            Money.FromUsd(recording.Expected!.Value),
            CostCalculator.Cost(shipped.Prices, meter.Close(0).Usage!.Value, ServiceTier.Default).Total
        );
    }

    private static MeteredAnswer MeterPlain(byte[] body)
    {
        using var meter = new PlainMeter();
        meter.Feed(body);
        return meter.Close(0);
    }

    private static MeteredAnswer MeterStream(ReadOnlySpan<byte> body)
    {
        using var reader = new SseEventReader();
        using var meter = new StreamMeter();
        while (reader.TryRead(ref body, out var e))
        {
            meter.Observe(e);
        }
        return meter.Close(0);
    }

    private static List<string> CallNames()
    {
        using var table = LiteLlmRecording.OpenTable("costs");
        return [.. table.RootElement.EnumerateArray().Select(call => call.GetProperty("name").GetString()!)];
    }

    private static TokenUsage UsageOf(JsonElement call)
    {
        var shape = call.GetProperty("path").GetString() switch
        {
            "/v1/messages" => UsageShape.Messages,
            "/v1/responses" => UsageShape.Responses,
            _ => UsageShape.OpenAi,
        };
        var reader = new UsageReader();
        foreach (var part in call.GetProperty("usage").EnumerateObject())
        {
            Assert.True(reader.TryAdd(Encoding.UTF8.GetBytes(part.Value.GetRawText())));
        }
        return reader.ToUsage(shape).Tokens;
    }

    private static PriceTable PricesOf(string call)
    {
        string[] forms = ["-messages-stream", "-responses-stream", "-messages", "-responses", "-stream"];
        var deployment = call["cost-".Length..];
        var form = forms.FirstOrDefault(form => deployment.EndsWith(form, StringComparison.Ordinal)) ?? "";
        deployment = deployment[..^form.Length];
        return deployment switch
        {
            "cached-map" or "chat-base-model" => Recorded("model-info-price-map"),
            "cached-map-io" or "cached-map-mi-io" => Recorded("model-info-price-map-overridden"),
            "claude-map" or "claude-search" => Recorded("model-info-claude-map"),
            "long-tiers" or "long150-tiers" or "longcached-tiers" or "claude-long-tiers" => Recorded("model-info-tiers"),
            "provider-cost-unpriced" => Recorded("model-info-unpriced"),
            "deepseek" => ShippedPrices.TryFind("deepseek/deepseek-chat", out var shipped) ? shipped.Prices : PriceTable.Empty,
            "service-flex" or "service-priority" or "service-default" => Fields(Service),
            "gemini-cached" or "claude-thinking" => Fields(Full),
            "provider-cost" => Fields(InputOutput),
            _ when deployment.EndsWith("-full", StringComparison.Ordinal) => Fields(Full),
            _ when deployment.EndsWith("-io", StringComparison.Ordinal) => Fields(InputOutput),
            _ => throw new InvalidOperationException($"No prices are configured for {deployment}."),
        };
    }

    private static PriceTable Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return LiteLlmPriceReader.ReadPrices(document.RootElement, "chat", []);
    }

    private static PriceTable Recorded(string name)
    {
        using var body = JsonDocument.Parse(LiteLlmRecording.Open(name).Body);
        Assert.True(LiteLlmPriceReader.TryRead(body.RootElement.GetProperty("data")[0], out var deployment));
        return deployment.Prices;
    }
}
