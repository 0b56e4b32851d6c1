using System.Text.Json;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// The models that a provider lists. It tells their names and little more: what they can and cost stands in the shipped list, found by the
/// provider and the name, so that no model is priced as another provider's of the same name.
/// </summary>
internal static class ListedModels
{
    private const string OfOpenAiCompletions = "text-completion-openai";

    /// <summary>A row of <c>/models</c>; null when it has no name.</summary>
    public static (UpstreamModel Model, string NameThere)? Read(PolicyUpstream upstream, JsonElement row)
    {
        if (LiteLlm.LiteLlmJson.Text(row, "id") is not { Length: > 0 } nameThere)
        {
            return null;
        }
        var name = upstream.Kind.ListedNameOf(nameThere);
        var shipped = Find(upstream.Provider, name);
        var isEmbedding = nameThere.StartsWith("emb://", StringComparison.Ordinal);
        var model = new UpstreamModel
        {
            Name = name,
            Providers = [upstream.Provider ?? upstream.Name],
            Mode = shipped?.Mode ?? (isEmbedding ? "embedding" : "chat"),
            MaxInputTokens = shipped?.MaxInputTokens,
            MaxOutputTokens = shipped?.MaxOutputTokens,
            Supports = (shipped?.Supports ?? []).ToHashSet(),
            Prices = shipped?.Prices ?? PriceTable.Empty,
            PriceSource = PriceSources.Shipped,
        };
        return (model, nameThere);
    }

    /// <summary>The one model of an upstream that lists none: called as the upstream is.</summary>
    public static (UpstreamModel Model, string NameThere) OnlyOneOf(PolicyUpstream upstream) =>
        (
            new UpstreamModel
            {
                Name = upstream.Name,
                Providers = [upstream.Provider ?? upstream.Name],
                Mode = "chat",
                Supports = new HashSet<string>(),
                PriceSource = PriceSources.Shipped,
            },
            upstream.Name
        );

    /// <summary>The shipped row of a provider's model, or null.</summary>
    public static ShippedPrice? Find(string? provider, string name) =>
        provider is not null
        && (
            (ShippedPrices.TryFind($"{provider}/{name}", out var shipped) && IsOf(shipped, provider))
            || (ShippedPrices.TryFind(name, out shipped) && shipped.Name == name && IsOf(shipped, provider))
        )
            ? shipped
            : null;

    private static bool IsOf(ShippedPrice shipped, string provider) =>
        shipped.Provider == provider || (provider == "openai" && shipped.Provider == OfOpenAiCompletions);
}
