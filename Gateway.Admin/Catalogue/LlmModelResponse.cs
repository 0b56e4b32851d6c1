using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// A chat model: <c>id</c> is what to send as <c>model</c>; prices in USD per thousand tokens, 0 when unknown; <c>tier</c> is <c>free</c>
/// or <c>paid</c>.
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
            isFree ? "free" : "paid"
        );

        decimal Price(string member) => byKey.GetValueOrDefault(PriceViews.All[member].ToString()) * TokensPerPrice;
    }

    private static IEnumerable<string> CapabilitiesOf(CatalogModel model)
    {
        yield return "text";
        foreach (
            var (has, name) in new[]
            {
                (model.SupportsVision, "vision"),
                (model.SupportsFunctionCalling, "function_calling"),
                (model.SupportsWebSearch, "web_search"),
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
