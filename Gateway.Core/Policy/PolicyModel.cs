using Gateway.Core.Pricing;
using Gateway.Core.Upstreams;

namespace Gateway.Core.Policy;

/// <summary>A model as calls need it.</summary>
public sealed record PolicyModel
{
    /// <summary>The row's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that clients see: the upstream's name, or ours when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the call carries upstream, where no <see cref="Places"/> name another.</summary>
    public required string UpstreamName { get; init; }

    /// <summary>The upstreams in force that it may be called at, the first ones first.</summary>
    public IReadOnlyList<ModelPlace> Places { get; init; } = [];

    /// <summary>The first provider, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>All providers that may serve a call: what bounds it holds for each of them.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>LiteLLM's word for what it does: <c>chat</c>, <c>embedding</c>, ...</summary>
    public required string Mode { get; init; }

    /// <summary>False: calls are refused.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>Calls cost nothing.</summary>
    public required bool IsFree { get; init; }

    /// <summary>Its rates; an empty table when no price is known.</summary>
    public required PriceTable Prices { get; init; }

    /// <summary>What calls are charged by: its rates; none where calls cost nothing.</summary>
    public PriceTable ChargedPrices => IsFree ? PriceTable.Empty : Prices;

    /// <summary>The longest prompt in tokens, null when not known.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>The longest answer in tokens, null when not known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Tokens that the provider adds to every prompt; null: the shipped value of the provider.</summary>
    public long? PromptOverheadTokens { get; init; }

    /// <summary>Tokens that the provider adds when a call has tools; null: the shipped value of the provider.</summary>
    public long? ToolsOverheadTokens { get; init; }

    /// <summary>The most tokens that one image of a prompt counts; null: the shipped value of the provider, if there is one.</summary>
    public long? ImageTokenBound { get; init; }

    /// <summary>Reasoning is counted beside the maximum that a call sets, so that only the model's own maximum bounds an answer.</summary>
    public bool ReasoningOutsideMax { get; init; }

    /// <summary>False when the upstream says that it takes <c>max_completion_tokens</c> and not <c>max_tokens</c>.</summary>
    public bool TakesMaxTokens { get; init; } = true;

    /// <summary>Members of a body that the upstream says it takes; empty: it does not say.</summary>
    public IReadOnlyList<string> SupportedParameters { get; init; } = [];

    /// <summary>False when the upstream says which parameters it takes, and <c>temperature</c> is none of them.</summary>
    public bool TakesTemperature { get; init; } = true;

    /// <summary>Whether it reads images.</summary>
    public bool SupportsVision { get; init; }

    /// <summary>When it came into the catalogue.</summary>
    public required DateTime CreatedAt { get; init; }
}
