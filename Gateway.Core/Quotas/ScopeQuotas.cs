using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Quotas;

/// <summary>All limits of one key, user, team, or of one model in one tier. Immutable.</summary>
/// <param name="Rates">Rates; at most one for all models and one per model.</param>
/// <param name="Budgets">Caps on money, in the order in which they were made.</param>
public sealed record ScopeQuotas(IReadOnlyList<RateLimit> Rates, IReadOnlyList<Budget> Budgets)
{
    /// <summary>No limits.</summary>
    public static readonly ScopeQuotas None = new([], []);

    /// <summary>Makes limits of rows. Rows that bind nobody or nothing are left out.</summary>
    public static ScopeQuotas From(IEnumerable<RateLimitRow> rates, IEnumerable<BudgetRow> budgets)
    {
        var result = new ScopeQuotas(
            [.. rates.Select(ToRateLimit).OfType<RateLimit>()],
            [.. budgets.OrderBy(b => b.CreatedAt).ThenBy(b => b.Id, StringComparer.Ordinal).Select(ToBudget).OfType<Budget>()]
        );
        return result.Rates.Count + result.Budgets.Count == 0 ? None : result;
    }

    /// <summary>These, and a user's monthly token limit.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="monthlyTokenLimit">Tokens per UTC month; null: no limit.</param>
    public ScopeQuotas WithMonthlyTokens(string userId, long? monthlyTokenLimit) =>
        monthlyTokenLimit is { } tokens
            ? this with
            {
                Rates =
                [
                    .. Rates,
                    new RateLimit($"month-{userId}", QuotaScope.User, userId, null, QuotaMode.Enforce) { TokensPerMonth = tokens },
                ],
            }
            : this;

    /// <summary>The limits that a row sets, or null when it sets none.</summary>
    public static RateLimit? ToRateLimit(RateLimitRow row)
    {
        if (ScopeOf(row.ApiKeyId, row.UserId, row.TeamId, row.TierId) is not { } scope)
        {
            return null;
        }
        var limit = new RateLimit(row.Id, scope.Scope, scope.Id, row.ModelId, ModeOf(row.Mode))
        {
            RequestsPerMinute = Positive(row.RequestsPerMinute),
            RequestsPerDay = Positive(row.RequestsPerDay),
            TokensPerMinute = Positive(row.TokensPerMinute),
            TokensPerDay = Positive(row.TokensPerDay),
            MaxConcurrent = Positive(row.MaxConcurrent),
        };
        return limit is { RequestsPerMinute: null, RequestsPerDay: null, TokensPerMinute: null, TokensPerDay: null, MaxConcurrent: null }
            ? null
            : limit;
    }

    /// <summary>The cap that a row sets, or null when it binds nobody.</summary>
    public static Budget? ToBudget(BudgetRow row) =>
        ScopeOf(row.ApiKeyId, row.UserId, row.TeamId, row.TierId) is { } scope
        && BudgetPeriod.TryParse(row.BudgetDuration, row.ResetAnchor, row.CreatedAt, out var period)
            ? new Budget(
                row.Id,
                scope.Scope,
                scope.Id,
                row.ModelId,
                Money.FromNanoUsd(row.MaxBudgetNanoUsd),
                period,
                row.CreatedAt,
                ModeOf(row.Mode)
            )
            {
                ChangedAt = row.UpdatedAt,
                EndUser = row.EndUser,
            }
            : null;

    internal static (QuotaScope Scope, string Id)? ScopeOf(string? apiKeyId, string? userId, string? teamId, string? tierId) =>
        apiKeyId is not null ? (QuotaScope.ApiKey, apiKeyId)
        : userId is not null ? (QuotaScope.User, userId)
        : teamId is not null ? (QuotaScope.Team, teamId)
        : tierId is not null ? (QuotaScope.TierModel, tierId)
        : null;

    // In the management API 0 and -1 both mean "no limit".
    private static long? Positive(long value) => value > 0 ? value : null;

    private static QuotaMode ModeOf(string text) => QuotaNames.TryParseMode(text, out var mode) ? mode : QuotaMode.Enforce;
}
