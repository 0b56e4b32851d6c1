namespace Gateway.Tests.Replay;

/// <summary>A model's prices twice: the rates that go into the catalogue, and what they mean.</summary>
/// <param name="Rates">Rate key and USD, only those that LiteLLM's configuration states.</param>
/// <param name="Meaning">The prices of a call at that service tier with that many prompt tokens.</param>
internal sealed record ModelPrices((string Key, decimal Usd)[] Rates, Func<string, long, ClassPrices> Meaning)
{
    private static readonly ModelPrices InOut = new([("input", 2e-6m), ("output", 1.1e-5m)], (_, _) => new(2e-6m, 1.1e-5m));

    private static readonly ModelPrices Full = new(
        [
            ("input", 2e-6m),
            ("output", 1.1e-5m),
            ("cache_read", 3e-7m),
            ("cache_write", 2.5e-6m),
            ("cache_write_1h", 4e-6m),
            ("reasoning", 1.7e-5m),
            ("input_audio", 4.1e-5m),
            ("output_audio", 8.3e-5m),
            ("input_image", 5e-6m),
        ],
        (_, _) =>
            new(2e-6m, 1.1e-5m)
            {
                CacheRead = 3e-7m,
                CacheWrite = 2.5e-6m,
                CacheWrite1h = 4e-6m,
                Reasoning = 1.7e-5m,
                InputAudio = 4.1e-5m,
                OutputAudio = 8.3e-5m,
                InputImage = 5e-6m,
            }
    );

    private static readonly ModelPrices Bands = new(
        [
            ("input", 2e-6m),
            ("output", 1.1e-5m),
            ("cache_read", 3e-7m),
            ("input>128000", 3e-6m),
            ("output>128000", 1.3e-5m),
            ("input>200000", 5e-6m),
            ("output>200000", 1.9e-5m),
            ("cache_read>200000", 7e-7m),
        ],
        (_, prompt) =>
            prompt switch
            {
                > 200_000 => new(5e-6m, 1.9e-5m) { CacheRead = 7e-7m },
                > 128_000 => new(3e-6m, 1.3e-5m) { CacheRead = 3e-7m },
                _ => new(2e-6m, 1.1e-5m) { CacheRead = 3e-7m },
            }
    );

    private static readonly ModelPrices ServiceTiers = new(
        [
            ("input", 2e-6m),
            ("output", 1.1e-5m),
            ("input@flex", 1e-6m),
            ("output@flex", 5e-6m),
            ("input@priority", 4e-6m),
            ("output@priority", 2.3e-5m),
        ],
        (tier, _) =>
            tier switch
            {
                "flex" => new(1e-6m, 5e-6m),
                "priority" => new(4e-6m, 2.3e-5m),
                _ => new(2e-6m, 1.1e-5m),
            }
    );

    private static readonly ModelPrices Gpt4o = new(
        [("input", 2.5e-6m), ("output", 1e-5m), ("cache_read", 1.25e-6m)],
        (_, _) => new(2.5e-6m, 1e-5m) { CacheRead = 1.25e-6m }
    );

    private static readonly ModelPrices Claude = new(
        [
            ("input", 3e-6m),
            ("output", 1.5e-5m),
            ("cache_read", 3e-7m),
            ("cache_write", 3.75e-6m),
            ("cache_write_1h", 6e-6m),
            ("search_medium", 0.01m),
        ],
        (_, _) =>
            new(3e-6m, 1.5e-5m)
            {
                CacheRead = 3e-7m,
                CacheWrite = 3.75e-6m,
                CacheWrite1h = 6e-6m,
                WebSearch = 0.01m,
            }
    );

    private static readonly ModelPrices DeepSeek = new(
        [("input", 2.8e-7m), ("output", 4.2e-7m), ("cache_read", 2.8e-8m)],
        (_, _) => new(2.8e-7m, 4.2e-7m) { CacheRead = 2.8e-8m }
    );

    private static readonly ModelPrices InputOnly = new([("input", 2e-6m)], (_, _) => new(2e-6m, 0));

    private static readonly ModelPrices Zero = new([("input", 0), ("output", 0)], (_, _) => new(0, 0));

    private static readonly ModelPrices None = new([], (_, _) => new(0, 0));

    /// <summary>
    /// The prices of a recorded model: those of the configuration that made the recordings, or LiteLLM's price map where that had none.
    /// </summary>
    public static ModelPrices Of(string model) =>
        model switch
        {
            "chat-unpriced" or "provider-cost-unpriced" or "openai/anything" => None,
            "chat-zero" => Zero,
            "embed" => InputOnly,
            "moderation" or "omni-moderation-latest" => Zero,
            "image-url" => None,
            "rerank" => ByThePiece(("query", 0.002m), ("input", 0), ("output", 0)),
            "rerank-custom" => ByThePiece(("query", 0.004m)),
            "image-usage" => ByThePiece(("input", 5e-6m), ("input_image", 1e-5m), ("output_image", 4e-5m)),
            "image-custom" => ByThePiece(("image_in", 0.03m), ("image", 0.05m)),
            "image-custom-out" => ByThePiece(("image", 0.05m)),
            "stt" => ByThePiece(("input_second", 1e-4m), ("output_second", 1e-4m)),
            "stt-custom" => ByThePiece(("input_second", 3e-4m)),
            "stt-tokens" => ByThePiece(("input", 2.5e-6m), ("input_audio", 2.5e-6m), ("output", 1e-5m), ("input_second", 1e-4m)),
            "tts" => ByThePiece(("input_character", 1.5e-5m)),
            "tts-custom" or "tts-custom-mi" => ByThePiece(("input_character", 1e-5m)),
            "gpt-4o" or "cached-map" or "chat-base-model" or "static" or "static-rpm" => Gpt4o,
            "claude-map" or "claude-search" => Claude,
            "deepseek" => DeepSeek,
            "service-tiers" => ServiceTiers,
            "claude-thinking" or "gemini-cached" => Full,
            _ when model.EndsWith("-full", StringComparison.Ordinal) => Full,
            _ when model.EndsWith("-tiers", StringComparison.Ordinal) => Bands,
            _ => InOut,
        };

    // Their tests say themselves what a call costs.
    private static ModelPrices ByThePiece(params (string Key, decimal Usd)[] rates) =>
        new(rates, (_, _) => throw new InvalidOperationException("Priced by the piece."));

    /// <summary>What a call costs, in USD, rounded half up to the nano-dollar.</summary>
    public (decimal Total, decimal Output) Cost(ExpectedUsage usage, string serviceTier)
    {
        var price = Meaning(serviceTier, usage.Prompt);
        var input =
            (usage.Input * price.Input)
            + (usage.CacheRead * price.CacheRead)
            + (usage.CacheWrite * price.CacheWrite)
            + (usage.CacheWrite1h * price.CacheWrite1h)
            + (usage.InputAudio * price.InputAudio)
            + (usage.InputImage * price.InputImage)
            + (usage.WebSearches * price.WebSearch);
        var output = (usage.Output * price.Output) + (usage.Reasoning * price.Reasoning) + (usage.OutputAudio * price.OutputAudio);
        return (Math.Round(input + output, 9, MidpointRounding.AwayFromZero), Math.Round(output, 9, MidpointRounding.AwayFromZero));
    }
}
