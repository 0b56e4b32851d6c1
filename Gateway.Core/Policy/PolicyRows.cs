using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;

namespace Gateway.Core.Policy;

/// <summary>The rows that make up the catalogue policy.</summary>
/// <param name="Revision">The revision at which they were read.</param>
/// <param name="Models">All models.</param>
/// <param name="Configs">Their configs.</param>
/// <param name="Rates">Their rates.</param>
public sealed record PolicyRows(
    long Revision,
    IReadOnlyList<CatalogModel> Models,
    IReadOnlyList<ModelConfig> Configs,
    IReadOnlyList<ModelRate> Rates
)
{
    /// <summary>All tiers.</summary>
    public IReadOnlyList<Tier> Tiers { get; init; } = [];

    /// <summary>The rates of tiers; those of keys, users and teams are read with their callers.</summary>
    public IReadOnlyList<RateLimitRow> TierRates { get; init; } = [];

    /// <summary>
    /// Whether a tier's users may call only the models that the tier has a rate limit for (setting <c>default_rate_limit_policy</c>).
    /// </summary>
    public bool DeniesUnlimited { get; init; }

    /// <summary>The upstreams that are stored.</summary>
    public IReadOnlyList<UpstreamRow> StoredUpstreams { get; init; } = [];

    /// <summary>The upstreams in force: of those that are stored, and of the environment.</summary>
    public IReadOnlyList<PolicyUpstream> Upstreams { get; init; } = [];

    /// <summary>Which models stand at which of <see cref="StoredUpstreams"/>.</summary>
    public IReadOnlyList<UpstreamModelRow> UpstreamModels { get; init; } = [];

    /// <summary>The budgets of tiers; those of keys, users and teams are read with their callers.</summary>
    public IReadOnlyList<BudgetRow> TierBudgets { get; init; } = [];
}
