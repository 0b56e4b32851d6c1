using System.Collections.Frozen;
using Gateway.Admin.Replies;

namespace Gateway.Admin.Conventions;

/// <summary>
/// What a resource calls its limits, and where those are that it does not carry itself: for the sentence that refuses one under a name it
/// does not know. A limit that is
/// dropped silently makes what was to be limited unlimited.
/// </summary>
/// <param name="name">The resource, for the sentence.</param>
/// <param name="meant">What to send instead, by kind. This resource has no other kinds.</param>
internal sealed class LimitMembers(string name, IReadOnlyDictionary<LimitKind, string> meant)
{
    private const string BudgetsOf = "a budget of its own: POST /admin/budgets with max_budget and ";
    private const string PeriodsOf = "a budget of its own: POST /admin/budgets with budget_duration and ";
    private const string RatesOf =
        "a rate limit of its own: POST /admin/rate-limits with "
        + "requests_per_minute, requests_per_day, tokens_per_minute, tokens_per_day and ";
    private const string ConcurrencyOf = "a rate limit of its own: POST /admin/rate-limits with max_concurrent and ";

    private const string ActiveOfKey = "is_active of PUT /api-keys/{key_id}";
    private const string ActiveOfUser = "is_active of PUT /admin/users/{id}";
    private const string Mode = "mode (enforce or shadow)";

    private readonly FrozenDictionary<LimitKind, string> _meant = meant.ToFrozenDictionary();

    public static LimitMembers ApiKey { get; } =
        new(
            "key",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Budget] = "max_budget",
                [LimitKind.BudgetPeriod] = "budget_duration",
                [LimitKind.Models] = "models",
                [LimitKind.Networks] = "allowed_ips",
                [LimitKind.Expiry] = "expires_at",
                [LimitKind.Blocked] = ActiveOfKey,
                [LimitKind.Enabled] = ActiveOfKey,
                [LimitKind.Rate] = RatesOf + "api_key_id",
                [LimitKind.Concurrency] = ConcurrencyOf + "api_key_id",
                [LimitKind.MonthlyTokens] = "monthly_token_limit of the user",
                [LimitKind.OutputTokens] = "max_output_tokens of the user's tier",
            }
        );

    public static LimitMembers LiteLlmKey { get; } =
        new(
            "key",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Budget] = "max_budget",
                [LimitKind.BudgetPeriod] = "budget_duration",
                [LimitKind.Models] = "models",
                [LimitKind.Expiry] = "expires",
                [LimitKind.Rate] = "rpm_limit or tpm_limit",
                [LimitKind.Concurrency] = "max_parallel_requests",
            }
        );

    /// <summary>As <see cref="LiteLlmKey"/>, sent back with everything that the page shows of it.</summary>
    public static LimitMembers ChangedLiteLlmKey { get; } =
        new("key", LiteLlmKey._meant)
        {
            Shown = Of("budget_reset_at", "model_max_budget", "blocked", "allowed_cache_controls", "allowed_routes"),
        };

    public static LimitMembers User { get; } =
        new(
            "user",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Blocked] = ActiveOfUser,
                [LimitKind.Enabled] = ActiveOfUser,
                [LimitKind.MonthlyTokens] = "monthly_token_limit",
                [LimitKind.Budget] = BudgetsOf + "user_id",
                [LimitKind.BudgetPeriod] = PeriodsOf + "user_id",
                [LimitKind.Rate] = RatesOf + "user_id",
                [LimitKind.Concurrency] = ConcurrencyOf + "user_id",
                [LimitKind.OutputTokens] = "max_output_tokens of the user's tier",
                [LimitKind.Models] = "models of the user's keys, or rate limits of the tier",
                [LimitKind.Networks] = "allowed_ips of the user's keys",
            }
        );

    /// <summary>As <see cref="User"/>, sent back as it is shown.</summary>
    public static LimitMembers ChangedUser { get; } = new("user", User._meant) { Shown = Of("user_limit") };

    public static LimitMembers Tier { get; } =
        new(
            "tier",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.OutputTokens] = "max_output_tokens",
                [LimitKind.Budget] = BudgetsOf + "tier_id and model_id",
                [LimitKind.BudgetPeriod] = PeriodsOf + "tier_id and model_id",
                [LimitKind.Rate] = RatesOf + "tier_id and model_id",
                [LimitKind.Concurrency] = ConcurrencyOf + "tier_id and model_id",
                [LimitKind.Models] = RatesOf + "tier_id and model_id",
            }
        );

    public static LimitMembers Team { get; } =
        new(
            "team",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Budget] = BudgetsOf + "team_id",
                [LimitKind.BudgetPeriod] = PeriodsOf + "team_id",
                [LimitKind.Rate] = RatesOf + "team_id",
                [LimitKind.Concurrency] = ConcurrencyOf + "team_id",
                [LimitKind.Models] = "models of the team's keys",
                [LimitKind.OutputTokens] = "max_output_tokens of a tier",
            }
        );

    public static LimitMembers Budget { get; } =
        new(
            "budget",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Budget] = "max_budget",
                [LimitKind.BudgetPeriod] = "budget_duration or reset_at",
                [LimitKind.Rate] = "a rate limit: POST /admin/rate-limits",
                [LimitKind.Concurrency] = "a rate limit: POST /admin/rate-limits with max_concurrent",
                [LimitKind.Models] = "model_id",
                [LimitKind.Blocked] = Mode,
                [LimitKind.Enabled] = Mode,
                [LimitKind.Expiry] = "budget_duration or reset_at",
            }
        )
        {
            Shown = Of("spent_budget", "held_budget", "leased_budget", "remaining_budget"),
        };

    public static LimitMembers OwnBudget { get; } =
        new(
            "own budget",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Budget] = "monthly_limit",
                [LimitKind.BudgetPeriod] = "max_budget and budget_duration of a key: the own budget is of a month",
            }
        )
        {
            Shown = Of("admin_limit", "budget_duration", "reset_at"),
        };

    public static LimitMembers RateLimit { get; } =
        new(
            "rate limit",
            new Dictionary<LimitKind, string>
            {
                [LimitKind.Rate] = "requests_per_minute, requests_per_day, tokens_per_minute or tokens_per_day",
                [LimitKind.Concurrency] = "max_concurrent",
                [LimitKind.Models] = "model_id",
                [LimitKind.Budget] = "a budget: POST /admin/budgets with max_budget",
                [LimitKind.BudgetPeriod] = "a budget: POST /admin/budgets with budget_duration",
                [LimitKind.Blocked] = Mode,
                [LimitKind.Enabled] = Mode,
                [LimitKind.OutputTokens] = "max_output_tokens of a tier",
            }
        )
        {
            Shown = Of("model"),
        };

    public static LimitMembers MachineToken { get; } =
        new("machine token", new Dictionary<LimitKind, string> { [LimitKind.Expiry] = "expires_at", [LimitKind.Networks] = "allowed_ips" });

    /// <summary>What answers show under a name that looks like a limit: clients send it back, and it limits nothing.</summary>
    public FrozenSet<string> Shown { get; init; } = [];

    private string Known =>
        string.Join(
            "; ",
            _meant
                .Values.Where(instead => !instead.Contains(' '))
                .Distinct()
                .Order(StringComparer.Ordinal)
                .DefaultIfEmpty("none: budgets and rate limits are resources of their own")
        );

    /// <summary>What to say to a member that would limit something here; null: it may be ignored.</summary>
    /// <param name="member">Its name.</param>
    /// <param name="limits">Whether its value limits something; if not, an off switch is meant still.</param>
    /// <param name="isFalse">Whether its value is false or 0.</param>
    public string? Refuse(string member, bool limits, bool isFalse)
    {
        if (Shown.Contains(member) || LimitWords.Find(member) is not { } kind || !(kind == LimitKind.Enabled ? isFalse : limits))
        {
            return null;
        }
        return _meant.TryGetValue(kind, out var instead)
            ? $"is not known here and would limit nothing; send {instead}"
            : $"looks like a limit, and a {name} has none of this name; known are {Known}";
    }

    private static FrozenSet<string> Of(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
