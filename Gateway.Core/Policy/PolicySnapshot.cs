using System.Collections.Frozen;
using Gateway.Core.Quotas;
using Gateway.Core.Upstreams;

namespace Gateway.Core.Policy;

/// <summary>
/// What people decided about models and tiers, as one immutable whole. Built by <see cref="PolicyCompiler"/>; a request reads it once and
/// keeps it to its end.
/// </summary>
public sealed class PolicySnapshot
{
    /// <summary>What is in force before anything was read.</summary>
    public static readonly PolicySnapshot Empty = new(
        0,
        [],
        FrozenDictionary<string, PolicyModel>.Empty,
        FrozenDictionary<string, PolicyTier>.Empty,
        FrozenDictionary<(string, string), ScopeQuotas>.Empty
    );

    private readonly FrozenDictionary<string, PolicyModel> _byName;
    private readonly FrozenDictionary<string, PolicyTier> _tiers;
    private readonly FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> _tierQuotas;

    internal PolicySnapshot(
        long revision,
        IReadOnlyList<PolicyModel> models,
        FrozenDictionary<string, PolicyModel> byName,
        FrozenDictionary<string, PolicyTier> tiers,
        FrozenDictionary<(string TierId, string ModelId), ScopeQuotas> tierQuotas
    )
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

    /// <summary>The upstreams in force, by priority.</summary>
    public IReadOnlyList<PolicyUpstream> Upstreams { get; init; } = [];

    /// <summary>The model that a client means by a name: the upstream's name, ours, an alias or the id, exact to the letter.</summary>
    public PolicyModel? FindModel(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The tier with that id, or null.</summary>
    public PolicyTier? FindTier(string id) => _tiers.GetValueOrDefault(id);

    /// <summary>The models that each tier has rate limits for, when a tier's users may call no others; null: they may call all.</summary>
    internal FrozenSet<(string TierId, string ModelId)>? OnlyAllowed { get; init; }

    /// <summary>Whether users of a tier may call a model at all.</summary>
    public bool Allows(string tierId, string modelId) => OnlyAllowed is null || OnlyAllowed.Contains((tierId, modelId));

    /// <summary>
    /// The rates and budgets of a model in a tier, counted for each of its users apart; <see cref="ScopeQuotas.None"/> when nobody set any.
    /// </summary>
    public ScopeQuotas TierQuotas(string tierId, string modelId) =>
        _tierQuotas.TryGetValue((tierId, modelId), out var quotas) || _tierQuotas.TryGetValue((tierId, ""), out quotas)
            ? quotas
            : ScopeQuotas.None;
}
