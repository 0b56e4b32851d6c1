using System.Globalization;

namespace Gateway.Core.Pricing;

/// <summary>
/// The names of LiteLLM's price fields: a base (<c>input_cost_per_token</c>), then in any order a context band
/// (<c>_above_200k_tokens</c>) and a service tier (<c>_flex</c>, <c>_priority</c>, <c>_batches</c>).
/// </summary>
internal static class LiteLlmPriceField
{
    // Longer names before their own beginnings.
    private static readonly (string Name, RateKey Key)[] Bases =
    [
        .. Enum.GetValues<TokenClass>()
            .Select(c => (Name: TokenClasses.Of(c).LiteLlmField, RateKey.For(c)))
            .OrderByDescending(c => c.Name.Length),
        ("output_cost_per_image", RateKey.For(PricedItem.Image)),
        ("input_cost_per_image", RateKey.For(PricedItem.ImageIn)),
        ("input_cost_per_query", RateKey.For(PricedItem.Query)),
        ("input_cost_per_request", RateKey.For(PricedItem.Request)),
        ("input_cost_per_second", RateKey.For(PricedItem.InputSecond)),
        ("output_cost_per_second", RateKey.For(PricedItem.OutputSecond)),
        ("input_cost_per_audio_per_second", RateKey.For(PricedItem.InputAudioSecond)),
        ("input_cost_per_character", RateKey.For(PricedItem.InputCharacter)),
        ("output_cost_per_character", RateKey.For(PricedItem.OutputCharacter)),
        ("ocr_cost_per_page", RateKey.For(PricedItem.Page)),
        ("input_cost_per_pixel", RateKey.For(PricedItem.InputPixel)),
        ("output_cost_per_pixel", RateKey.For(PricedItem.OutputPixel)),
    ];

    /// <summary>True for every name that states a price, also of a kind we do not charge for.</summary>
    public static bool IsPrice(string name) =>
        name.Contains("cost_per", StringComparison.Ordinal) || name.Contains("token_cost", StringComparison.Ordinal);

    /// <summary>
    /// The rate a field states. False for fields we do not charge by (resolutions, sessions, storage, other service tiers).
    /// </summary>
    public static bool TryParse(string name, out RateKey key)
    {
        foreach (var (start, known) in Bases)
        {
            if (name.StartsWith(start, StringComparison.Ordinal) && TryParseSuffix(name.AsSpan(start.Length), known, out key))
            {
                return true;
            }
        }
        key = default;
        return false;
    }

    private static bool TryParseSuffix(ReadOnlySpan<char> suffix, RateKey known, out RateKey key)
    {
        var tier = ServiceTier.Default;
        long above = 0;
        while (!suffix.IsEmpty)
        {
            if (!TryTakeTier(ref suffix, ref tier) && !TryTakeBand(ref suffix, ref above))
            {
                key = default;
                return false;
            }
        }
        key = known.Class is { } tokenClass ? RateKey.For(tokenClass, tier, above) : RateKey.For(known.Item!.Value, tier, above);
        return true;
    }

    private static bool TryTakeTier(ref ReadOnlySpan<char> suffix, ref ServiceTier tier)
    {
        var (name, named) = suffix switch
        {
            ['_', 'f', 'l', 'e', 'x', ..] => ("_flex", ServiceTier.Flex),
            ['_', 'p', 'r', 'i', 'o', ..] => ("_priority", ServiceTier.Priority),
            ['_', 'b', 'a', 't', 'c', ..] => ("_batches", ServiceTier.Batch),
            _ => ("", ServiceTier.Default),
        };
        if (name.Length == 0 || !suffix.StartsWith(name) || tier != ServiceTier.Default)
        {
            return false;
        }
        tier = named;
        suffix = suffix[name.Length..];
        return true;
    }

    // "_above_200k_tokens" and "_above_200000_tokens".
    private static bool TryTakeBand(ref ReadOnlySpan<char> suffix, ref long above)
    {
        const string Start = "_above_";
        const string End = "_tokens";
        var end = suffix.IndexOf(End);
        if (!suffix.StartsWith(Start) || end < Start.Length || above != 0)
        {
            return false;
        }
        var number = suffix[Start.Length..end];
        var thousands = number is [.., 'k'];
        if (
            !long.TryParse(thousands ? number[..^1] : number, NumberStyles.None, CultureInfo.InvariantCulture, out above)
            || above is 0 or > 1_000_000_000
        )
        {
            return false;
        }
        above *= thousands ? 1000 : 1;
        suffix = suffix[(end + End.Length)..];
        return true;
    }
}
