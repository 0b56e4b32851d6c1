using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Decides which of the sent rates are an admin's word. Clients send every price of a form back, also those that nobody touched, and write
/// 0 where none is known.
/// A rate equal to the one in force is therefore no decision, and 0 for a price that is unknown is no price. Only <c>is_free</c> makes a
/// model free.
/// </summary>
internal static class SentPrices
{
    private const string ZeroIsNotFree = "a price of 0 does not make a model free: send is_free true for that";

    /// <summary>The rates to set and to clear (null), by key; or why they cannot be taken.</summary>
    /// <param name="standing">The rates in force.</param>
    /// <param name="sent">The rates as they were sent; null clears one.</param>
    /// <param name="isFree">Whether the model is free after the change.</param>
    public static (IReadOnlyDictionary<RateKey, Rate?> Own, ApiError? Refusal) Judge(
        IReadOnlyCollection<ModelRate> standing,
        IReadOnlyDictionary<RateKey, Rate?> sent,
        bool isFree
    )
    {
        var inForce = InForce(standing);
        var own = sent.Where(s => s.Value is not { } rate || !inForce.TryGetValue(s.Key, out var now) || now != rate).ToDictionary();
        var prices = TableOf(inForce, own, zeros: false);
        foreach (var key in ZerosIn(own).Where(key => !inForce.ContainsKey(key) && !IsCharged(prices, key)))
        {
            own.Remove(key);
        }
        if (!ZerosIn(own).Any() || !IsFree(TableOf(inForce, own, zeros: true)))
        {
            return (own, null);
        }
        if (!isFree)
        {
            return (own, ApiError.Validation([.. ZerosIn(own).Select(key => new InvalidMember(MemberOf(key), "price", ZeroIsNotFree))]));
        }
        foreach (var key in ZerosIn(own))
        {
            own.Remove(key); // the switch makes it free; its prices hold again when it is turned off
        }
        return (own, null);
    }

    private static Dictionary<RateKey, Rate> InForce(IReadOnlyCollection<ModelRate> standing)
    {
        var rates = new Dictionary<RateKey, Rate>();
        foreach (var row in standing)
        {
            if (RateKey.TryParse(row.RateKey, out var key))
            {
                rates[key] = Rate.FromPicoUsd(row.PicoUsd);
            }
        }
        return rates;
    }

    private static PriceTable TableOf(Dictionary<RateKey, Rate> inForce, Dictionary<RateKey, Rate?> own, bool zeros) =>
        PriceTable.Create([
            .. inForce
                .Where(r => !own.TryGetValue(r.Key, out var wish) || (wish == Rate.Zero && !zeros))
                .Select(r => new StatedRate(r.Key, r.Value)),
            .. own.Where(r => r.Value is { } rate && (zeros || rate != Rate.Zero)).Select(r => new StatedRate(r.Key, r.Value!.Value)),
        ]);

    // Neither prompts nor answers cost anything, nor anything by the piece. What else has a price (cached tokens, speech) makes no plain
    // call cost.
    private static bool IsFree(PriceTable prices) =>
        IsZero(prices.DearestRate(TokenClass.Input))
        && IsZero(prices.DearestRate(TokenClass.Output))
        && prices.Stated.All(s => s.Key.Item is null || s.Rate == Rate.Zero);

    private static bool IsZero(Rate? rate) => rate is null || rate == Rate.Zero;

    private static List<RateKey> ZerosIn(Dictionary<RateKey, Rate?> own) => [.. own.Where(r => r.Value == Rate.Zero).Select(r => r.Key)];

    // Through what stands in for it: cached tokens cost what a prompt's do, until somebody says otherwise.
    private static bool IsCharged(PriceTable prices, RateKey key) =>
        key.Class is { } tokenClass
            ? prices.TryGetRate(tokenClass, key.Tier, key.AbovePromptTokens + 1, out var rate, out _) && rate != Rate.Zero
            : prices.TryGetRate(key.Item!.Value, key.Tier, key.AbovePromptTokens + 1, out rate, out _) && rate != Rate.Zero;

    private static string MemberOf(RateKey key) =>
        PriceViews.All.Where(v => v.Value == key).Select(v => v.Key).FirstOrDefault() ?? $"rates.{key}";
}
