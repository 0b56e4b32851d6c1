namespace Gateway.Sandbox.Catalogue;

/// <summary>Models with names and prices that a first user knows. Prices as published in 2026.</summary>
internal static class FirstRunModels
{
    public static readonly IReadOnlyList<SandboxModel> All =
    [
        Chat("gpt-4o-mini", 1.5e-7, 6e-7, cacheRead: 7.5e-8, context: 128_000, maximum: 16_384),
        Chat("gpt-4o", 2.5e-6, 1e-5, cacheRead: 1.25e-6, context: 128_000, maximum: 16_384),
        Chat("openai/gpt-4o", 2.5e-6, 1e-5, cacheRead: 1.25e-6, context: 128_000, maximum: 16_384),
        new SandboxModel
        {
            Name = "claude-sonnet-4",
            Upstream = "anthropic/claude-sonnet-4-20250514",
            Provider = "anthropic",
            Prices = new Dictionary<string, double>
            {
                ["input_cost_per_token"] = 3e-6,
                ["output_cost_per_token"] = 1.5e-5,
                ["cache_read_input_token_cost"] = 3e-7,
                ["cache_creation_input_token_cost"] = 3.75e-6,
                ["cache_creation_input_token_cost_above_1hr"] = 6e-6,
            },
            PricesAreOverrides = false,
            MaxInputTokens = 200_000,
            MaxOutputTokens = 64_000,
            Supports = ["system_messages", "function_calling", "tool_choice", "vision", "prompt_caching", "reasoning", "pdf_input"],
        },
        new SandboxModel
        {
            Name = "text-embedding-3-small",
            Mode = "embedding",
            Scenario = "sandbox-embedding",
            Prices = new Dictionary<string, double> { ["input_cost_per_token"] = 2e-8, ["output_cost_per_token"] = 0 },
            PricesAreOverrides = false,
            MaxInputTokens = 8_191,
        },
        Of("omni-moderation-latest", "moderation", ("input_cost_per_token", 0), ("output_cost_per_token", 0)) with
        {
            MaxInputTokens = 32_768,
        },
        Of(
            "gpt-image-1",
            "image_generation",
            ("input_cost_per_token", 5e-6),
            ("input_cost_per_image_token", 1e-5),
            ("output_cost_per_image_token", 4e-5)
        ),
        Of("dall-e-3", "image_generation", ("output_cost_per_image", 0.04)),
        Of("whisper-1", "audio_transcription", ("input_cost_per_second", 1e-4), ("output_cost_per_second", 1e-4)),
        Of(
            "gpt-4o-transcribe",
            "audio_transcription",
            ("input_cost_per_token", 2.5e-6),
            ("input_cost_per_audio_token", 2.5e-6),
            ("output_cost_per_token", 1e-5)
        ) with
        {
            MaxInputTokens = 16_000,
            MaxOutputTokens = 2_000,
        },
        Of("tts-1", "audio_speech", ("input_cost_per_character", 1.5e-5)),
        Of(
            "gpt-4o-mini-tts",
            "audio_speech",
            ("input_cost_per_token", 6e-7),
            ("output_cost_per_audio_token", 1.2e-5),
            ("output_cost_per_token", 1e-5)
        ) with
        {
            MaxInputTokens = 2_000,
            MaxOutputTokens = 4_000,
        },
        Of("rerank-v3.5", "rerank", ("input_cost_per_query", 0.002)) with
        {
            Provider = "cohere",
            Upstream = "cohere/rerank-v3.5",
            MaxInputTokens = 4_096,
        },
    ];

    private static SandboxModel Of(string name, string mode, params (string Field, double Price)[] prices) =>
        new()
        {
            Name = name,
            Mode = mode,
            Prices = prices.ToDictionary(price => price.Field, price => price.Price),
            PricesAreOverrides = false,
        };

    private static SandboxModel Chat(string name, double input, double output, double cacheRead, int context, int maximum) =>
        new()
        {
            Name = name,
            Upstream = name.Contains('/') ? name : "openai/" + name,
            Prices = new Dictionary<string, double>
            {
                ["input_cost_per_token"] = input,
                ["output_cost_per_token"] = output,
                ["cache_read_input_token_cost"] = cacheRead,
            },
            PricesAreOverrides = false,
            MaxInputTokens = context,
            MaxOutputTokens = maximum,
            Supports =
            [
                "system_messages",
                "response_schema",
                "vision",
                "function_calling",
                "parallel_function_calling",
                "tool_choice",
                "prompt_caching",
            ],
        };
}
