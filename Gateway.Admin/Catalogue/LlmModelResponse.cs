using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// A chat model: <c>id</c> is what to send as <c>model</c>; prices in USD per thousand tokens, 0 when unknown; <c>tier</c> is
/// one of <see cref="ChatTiers"/>, the admin's word or by the price of its answers: a client draws models under these words only.
/// </summary>
internal sealed record LlmModelResponse(
    string Id,
    string ModelId,
    string Name,
    string Provider,
    decimal PriceInput,
    decimal PriceOutput,
    long ContextLength,
    IReadOnlyList<string> Capabilities,
    bool IsFree,
    string Tier
)
{
    private const decimal TokensPerPrice = 1_000;
    private const decimal DearestBudget = 0.002m;
    private const decimal DearestBalanced = 0.02m;

    public static LlmModelResponse From(ModelView view, IEnumerable<ModelRate> rates)
    {
        var model = view.Model;
        var byKey = rates.ToDictionary(r => r.RateKey, r => Rate.FromPicoUsd(r.PicoUsd).ToUsd());
        var isFree = view.Config?.IsFree ?? false;
        return new LlmModelResponse(
            model.ExternalId ?? model.Name,
            model.Id,
            model.Name,
            view.Company.Name,
            Price("input_token_cost"),
            Price("output_token_cost"),
            model.MaxInputTokens ?? 0,
            [.. CapabilitiesOf(model)],
            isFree,
            view.Config?.ChatTier
                ?? TierOf(isFree, byKey.ContainsKey(PriceViews.All["output_token_cost"].ToString()) ? Price("output_token_cost") : null)
        );

        decimal Price(string member) => byKey.GetValueOrDefault(PriceViews.All[member].ToString()) * TokensPerPrice;
    }

    private static string TierOf(bool isFree, decimal? price) =>
        isFree || price <= DearestBudget ? ChatTiers.Budget
        : price is null || price <= DearestBalanced ? ChatTiers.Balanced
        : ChatTiers.Premium;

    private static IEnumerable<string> CapabilitiesOf(CatalogModel model)
    {
        yield return "text";
        foreach (
            var (has, name) in new[]
            {
                (model.SupportsVision, "vision"),
                (model.SupportsFunctionCalling, "function_calling"),
                (model.SupportsWebSearch, "web-search"),
                (model.SupportsReasoning, "reasoning"),
            }
        )
        {
            if (has)
            {
                yield return name;
            }
        }
    }
}
