namespace Gateway.Sandbox.Catalogue;

/// <summary>USD per token by class, and per piece, and what LiteLLM makes of a missing one.</summary>
internal sealed record PriceList(
    double? Input,
    double? Output,
    double? CacheRead,
    double? CacheWrite,
    double? CacheWriteOneHour,
    double? Reasoning,
    double? AudioIn,
    double? AudioOut,
    double? Image,
    double? Query,
    double? Second,
    double? Character,
    double? Piece,
    double? ImageOut
)
{
    public bool IsKnown => Input is not null || Output is not null || (Query ?? Second ?? Character ?? Piece) is not null;

    public static PriceList From(IReadOnlyDictionary<string, double> prices)
    {
        double? Of(string field) => prices.TryGetValue(field, out var price) ? price : null;
        return new PriceList(
            Of("input_cost_per_token"),
            Of("output_cost_per_token"),
            Of("cache_read_input_token_cost"),
            Of("cache_creation_input_token_cost"),
            Of("cache_creation_input_token_cost_above_1hr"),
            Of("output_cost_per_reasoning_token"),
            Of("input_cost_per_audio_token"),
            Of("output_cost_per_audio_token"),
            Of("input_cost_per_image_token"),
            Of("input_cost_per_query"),
            Of("input_cost_per_second"),
            Of("input_cost_per_character"),
            Of("input_cost_per_image") ?? Of("output_cost_per_image"),
            Of("output_cost_per_image_token")
        );
    }
}
