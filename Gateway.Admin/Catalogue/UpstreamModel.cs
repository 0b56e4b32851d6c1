using Gateway.Core.Pricing;

namespace Gateway.Admin.Catalogue;

/// <summary>A model as the upstream offers it: all deployments of one name taken together.</summary>
internal sealed record UpstreamModel
{
    /// <summary>What clients call it.</summary>
    public required string Name { get; init; }

    /// <summary>Who runs it, in the order of its deployments; the first one makes the company.</summary>
    public required IReadOnlyList<string> Providers { get; init; }

    public required string Mode { get; init; }

    /// <summary>
    /// The largest of its deployments; null when one of them does not tell, because a hold bounded by it would not be true.
    /// </summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>The largest that a deployment tells; a call is sent with a maximum, so the others keep to it.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Capabilities that some deployment has, without the prefix <c>supports_</c>.</summary>
    public required IReadOnlySet<string> Supports { get; init; }

    public IReadOnlyList<string> OpenAiParams { get; init; } = [];

    /// <summary>The dearest rates of its deployments; empty when nobody knows a price.</summary>
    public PriceTable Prices { get; init; } = PriceTable.Empty;

    /// <summary>Where <see cref="Prices"/> come from: one of <see cref="Gateway.Core.Storage.Entities.PriceSources"/>.</summary>
    public required string PriceSource { get; init; }
}
