using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>ModelConfig, as it is shown: USD per token or item. The single prices are views of <c>rates</c>.</summary>
[Alias("model_config", "model_configs")]
internal sealed record ModelConfigResponse(
    string Id,
    string ModelId,
    bool IsFree,
    bool IsEnabled,
    decimal? InputTokenCost,
    decimal? OutputTokenCost,
    decimal? CacheReadTokenCost,
    decimal? CacheWriteTokenCost,
    decimal? ReasoningTokenCost,
    decimal? InputAudioTokenCost,
    decimal? OutputAudioTokenCost,
    decimal? ImageCost,
    decimal? RequestCost,
    long? ImageTokenBound,
    string? ChatTier,
    IReadOnlyDictionary<string, decimal> Rates,
    IReadOnlyList<string> AdminRates,
    string PriceSource,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static ModelConfigResponse From(ModelConfig config, IEnumerable<ModelRate> rows)
    {
        var sorted = rows.OrderBy(r => r.RateKey, StringComparer.Ordinal).ToList();
        var rates = sorted.ToDictionary(r => r.RateKey, r => Rate.FromPicoUsd(r.PicoUsd).ToUsd());
        return new ModelConfigResponse(
            config.Id,
            config.ModelId,
            config.IsFree,
            config.IsEnabled,
            View("input_token_cost"),
            View("output_token_cost"),
            View("cache_read_token_cost"),
            View("cache_write_token_cost"),
            View("reasoning_token_cost"),
            View("input_audio_token_cost"),
            View("output_audio_token_cost"),
            View("image_cost"),
            View("request_cost"),
            config.ImageTokenBound,
            config.ChatTier,
            rates,
            [.. sorted.Where(r => r.Source == PriceSources.Admin).Select(r => r.RateKey)],
            config.PriceSource,
            config.CreatedAt,
            config.UpdatedAt
        );

        decimal? View(string member) => rates.TryGetValue(PriceViews.All[member].ToString(), out var rate) ? rate : null;
    }
}
