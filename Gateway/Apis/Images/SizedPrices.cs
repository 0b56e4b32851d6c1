using System.Text.RegularExpressions;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;

namespace Gateway.Apis.Images;

/// <summary>
/// Prices of pictures by size and quality: the shipped list has a row for each, such as <c>azure/hd/1024-x-1024/dall-e-3</c>. They hold
/// where the model itself has no price of pictures, neither by the piece nor by the token.
/// </summary>
internal static partial class SizedPrices
{
    private static readonly Lazy<ILookup<string, SizedPrice>> ByModel = new(Load);

    /// <summary>The model at the dearest of the prices that the call can have: what is held.</summary>
    public static PolicyModel DearestOf(PolicyModel model, string? size, string? quality) =>
        HasOwn(model) || Find(model, size, quality) is not { } prices ? model : model with { Prices = prices };

    /// <summary>The model at the price of what was made.</summary>
    public static PolicyModel ExactOf(PolicyModel model, string? size, string? quality) =>
        RowsOf(model).Any(row => ReferenceEquals(row.Prices, model.Prices))
        && Find(model, size ?? ImagesBody.UsualSize, quality) is { } prices
            ? model with
            {
                Prices = prices,
            }
            : model;

    /// <summary>Whether pictures have a price by the piece, or by their pixels.</summary>
    public static bool IsByPiece(PolicyModel model) =>
        model.Prices.DearestRate(PricedItem.Image) is not null
        || model.Prices.DearestRate(PricedItem.ImageIn) is not null
        || model.Prices.DearestRate(PricedItem.InputPixel) is not null;

    private static bool HasOwn(PolicyModel model) => IsByPiece(model) || HasTokens(model);

    private static bool HasTokens(PolicyModel model) => model.Prices.DearestRate(TokenClass.OutputImage) is { PicoUsd: > 0 };

    private static IEnumerable<SizedPrice> RowsOf(PolicyModel model) =>
        ByModel.Value[model.UpstreamName].Concat(ByModel.Value[$"{model.Provider}/{model.UpstreamName}"]);

    // Looked up each time: a model has a few rows, and what clients write as size and quality is not to be kept.
    private static PriceTable? Find(PolicyModel model, string? size, string? quality)
    {
        var rows = RowsOf(model).ToList();
        var ofSize = size is null or "auto" ? rows : [.. rows.Where(r => r.Size == size)];
        var ofQuality = ofSize.Where(r => r.Quality == (quality ?? "standard")).ToList();
        return (ofQuality.Count > 0 ? ofQuality : ofSize).MaxBy(r => r.PicoUsd)?.Prices;
    }

    private static ILookup<string, SizedPrice> Load() =>
        ShippedPrices.Names.Select(Parse).OfType<SizedPrice>().ToLookup(p => p.Model, StringComparer.Ordinal);

    private static SizedPrice? Parse(string name)
    {
        var match = Name().Match(name);
        if (!match.Success || !ShippedPrices.TryFind(name, out var shipped))
        {
            return null;
        }
        var size = match.Groups["width"].Value + "x" + match.Groups["height"].Value;
        var prices = shipped.Prices;
        var rate = prices.DearestRate(PricedItem.Image) ?? prices.DearestRate(PricedItem.ImageIn);
        var pico = rate?.PicoUsd ?? (prices.DearestRate(PricedItem.InputPixel)?.PicoUsd * ImagesBody.PixelsOf(size));
        return pico is { } dear
            ? new SizedPrice(
                match.Groups["provider"].Value + match.Groups["model"].Value,
                size,
                match.Groups["quality"].Value,
                dear,
                prices
            )
            : null;
    }

    [GeneratedRegex(
        @"^(?<provider>[a-z_]+/)??((?<quality>standard|hd|low|medium|high|xhigh|max)/)?(?<width>\d+)-x-(?<height>\d+)/(?<model>.+)$"
    )]
    private static partial Regex Name();

    private sealed record SizedPrice(string Model, string Size, string Quality, long PicoUsd, PriceTable Prices);
}
