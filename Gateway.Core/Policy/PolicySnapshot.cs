using System.Collections.Frozen;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Core.Policy;

/// <summary>What people decided about models and tiers, as one immutable whole. Built by <see cref="PolicyCompiler"/>; a request reads it once and keeps it to its end.</summary>
public sealed class PolicySnapshot
{
    /// <summary>What is in force before anything was read.</summary>
    public static readonly PolicySnapshot Empty = new(
        0, [], FrozenDictionary<string, PolicyModel>.Empty, FrozenDictionary<string, PolicyTier>.Empty, FrozenDictionary<(string, string), ScopeQuotas>.Empty);

    private readonly FrozenDictionary<string, PolicyModel> _byName;
    private readonly FrozenDictionary<string, PolicyTier> _tiers;
    private readonly FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> _tierQuotas;

    internal PolicySnapshot(
        long revision, IReadOnlyList<PolicyModel> models, FrozenDictionary<string, PolicyModel> byName,
        FrozenDictionary<string, PolicyTier> tiers, FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> tierQuotas)
    {
        Revision = revision;
        Models = models;
        _byName = byName;
        _tiers = tiers;
        _tierQuotas = tierQuotas;
    }

    /// <summary>The change that it takes into account last.</summary>
    public long Revision { get; }

    /// <summary>All models, disabled ones too, by name.</summary>
    public IReadOnlyList<PolicyModel> Models { get; }

    /// <summary>The model that a client means by a name: the upstream's name, ours, an alias or the id, exact to the letter.</summary>
    public PolicyModel? FindModel(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The tier with that id, or null.</summary>
    public PolicyTier? FindTier(string id) => _tiers.GetValueOrDefault(id);

    /// <summary>The models that each tier has rate limits for, when a tier's users may call no others; null: they may call all.</summary>
    internal FrozenSet<(string TierId, string ModelId)>? OnlyAllowed { get; init; }

    /// <summary>Whether users of a tier may call a model at all.</summary>
    public bool Allows(string tierId, string modelId) => OnlyAllowed is null || OnlyAllowed.Contains((tierId, modelId));

    /// <summary>The rates and budgets of a model in a tier, counted for each of its users apart; <see cref="ScopeQuotas.None"/> when nobody set any.</summary>
    public ScopeQuotas TierQuotas(string tierId, string modelId) =>
        _tierQuotas.TryGetValue((tierId, modelId), out var quotas) || _tierQuotas.TryGetValue((tierId, ""), out quotas) ? quotas : ScopeQuotas.None;
}

/// <summary>A tier as calls need it.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Name">The display name.</param>
/// <param name="MaxOutputTokens">The most answer tokens of one call; null: the model's own maximum.</param>
/// <param name="BillingMode"><c>prepaid</c>, <c>postpaid</c>, or null for the process's.</param>
/// <param name="FailOpen">Whether calls pass when the database cannot be asked for money.</param>
public sealed record PolicyTier(string Id, string Name, long? MaxOutputTokens, string? BillingMode, bool FailOpen);

/// <summary>A model as calls need it.</summary>
public sealed record PolicyModel
{
    /// <summary>The row's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that clients see: the upstream's name, or ours when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the call carries upstream.</summary>
    public required string UpstreamName { get; init; }

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

    /// <summary>When it came into the catalogue.</summary>
    public required DateTime CreatedAt { get; init; }
}
