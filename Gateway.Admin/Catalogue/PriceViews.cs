using Gateway.Core.Pricing;

namespace Gateway.Admin.Catalogue;

/// <summary>The single prices of a model config, by member, and the rate that each one shows.</summary>
internal static class PriceViews
{
    public static IReadOnlyDictionary<string, RateKey> All { get; } =
        new Dictionary<string, RateKey>
        {
            ["input_token_cost"] = RateKey.For(TokenClass.Input),
            ["output_token_cost"] = RateKey.For(TokenClass.Output),
            ["cache_read_token_cost"] = RateKey.For(TokenClass.CacheRead),
            ["cache_write_token_cost"] = RateKey.For(TokenClass.CacheWrite),
            ["reasoning_token_cost"] = RateKey.For(TokenClass.Reasoning),
            ["input_audio_token_cost"] = RateKey.For(TokenClass.InputAudio),
            ["output_audio_token_cost"] = RateKey.For(TokenClass.OutputAudio),
            ["image_cost"] = RateKey.For(PricedItem.Image),
            ["request_cost"] = RateKey.For(PricedItem.Request),
        };
}
