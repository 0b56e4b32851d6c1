using Gateway.Sandbox.Scenarios;

namespace Gateway.Sandbox.Catalogue;

/// <summary>
/// The scenario table as deployments: every scenario has prices of its own, outside any price map, but for the cases about prices.
/// </summary>
internal static class ScenarioModels
{
    private static readonly Dictionary<string, double> TextPrices = new()
    {
        ["input_cost_per_token"] = 2e-6,
        ["output_cost_per_token"] = 1.1e-5,
    };

    private static readonly Dictionary<string, double> Free = TextPrices.ToDictionary(price => price.Key, _ => 0d);

    public static readonly IReadOnlyList<SandboxModel> All =
    [
        .. ScenarioTable.Rows.SelectMany(row => row.CatalogueNames).Select(Of),
        // Two deployments of one name at different prices; they take turns.
        Of("sandbox-pool") with
        {
            Scenario = "sandbox-chat",
            DeploymentId = "sandbox-pool-a",
        },
        Of("sandbox-pool") with
        {
            Scenario = "sandbox-chat",
            DeploymentId = "sandbox-pool-b",
            Prices = With(("input_cost_per_token", 3e-6), ("output_cost_per_token", 1.2e-5)),
            MaxInputTokens = 64_000,
        },
        // The forms in which a price or a limit can be told: absent, null for one of two, as a float.
        Of("sandbox-price-absent") with
        {
            Scenario = "sandbox-chat",
            Prices = new Dictionary<string, double>(),
            OmitsNulls = true,
        },
        Of("sandbox-price-half") with
        {
            Scenario = "sandbox-chat",
            Prices = new Dictionary<string, double> { ["input_cost_per_token"] = 2e-6 },
        },
        Of("sandbox-limits-float") with
        {
            Scenario = "sandbox-chat",
            LimitsAsFloats = true,
        },
        Of("sandbox-limits-unknown") with
        {
            Scenario = "sandbox-chat",
            MaxInputTokens = null,
            MaxOutputTokens = null,
            Mode = null,
        },
    ];

    /// <summary>The deployment of a scenario, also of one whose parameters are not in the catalogue.</summary>
    public static SandboxModel Of(string name) =>
        new()
        {
            Name = name,
            Upstream = "openai/" + name,
            Scenario = name,
            Mode = name == "sandbox-embedding" ? "embedding" : "chat",
            Provider = name.StartsWith("sandbox-cachewrite", StringComparison.Ordinal) ? "anthropic" : "openai",
            Prices = PricesOf(name),
            MaxInputTokens = 128_000,
            MaxOutputTokens =
                name == "sandbox-embedding" ? null
                : name.StartsWith("sandbox-large", StringComparison.Ordinal) ? 10_000_000
                : 16_384,
            Supports = name == "sandbox-tools" ? ["function_calling", "tool_choice"] : [],
        };

    private static IReadOnlyDictionary<string, double> PricesOf(string name) =>
        name switch
        {
            "sandbox-unpriced" => new Dictionary<string, double>(),
            "sandbox-free" => Free,
            "sandbox-embedding" => new Dictionary<string, double> { ["input_cost_per_token"] = 2e-6, ["output_cost_per_token"] = 0 },
            "sandbox-cached" => With(("cache_read_input_token_cost", 3e-7)),
            "sandbox-cachewrite" or "sandbox-cachewrite-split" => With(
                ("cache_read_input_token_cost", 3e-7),
                ("cache_creation_input_token_cost", 2.5e-6),
                ("cache_creation_input_token_cost_above_1hr", 4e-6)
            ),
            "sandbox-audio" => With(("input_cost_per_audio_token", 4.1e-5), ("output_cost_per_audio_token", 8.3e-5)),
            "sandbox-image-in" => With(("input_cost_per_image_token", 5e-6)),
            _ when name.StartsWith("sandbox-reasoning", StringComparison.Ordinal) => With(("output_cost_per_reasoning_token", 1.7e-5)),
            _ => TextPrices,
        };

    private static Dictionary<string, double> With(params (string Field, double Price)[] prices)
    {
        var all = new Dictionary<string, double>(TextPrices);
        foreach (var (field, price) in prices)
        {
            all[field] = price;
        }
        return all;
    }
}
