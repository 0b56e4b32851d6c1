using Gateway.Core.Storage.Entities;

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

    /// <summary>The budgets of tiers; those of keys, users and teams are read with their callers.</summary>
    public IReadOnlyList<BudgetRow> TierBudgets { get; init; } = [];
}
