using System.Collections.Frozen;

namespace Gateway.Admin.Conventions;

/// <summary>
/// The names under which clients of other gateways send limits, by what they limit. Names are compared without case and separators:
/// <c>rpm_limit</c>, <c>rpmLimit</c>
/// and <c>RPM-Limit</c> are one.
/// </summary>
internal static class LimitWords
{
    private static readonly FrozenDictionary<string, LimitKind> Known = new (LimitKind Kind, string Names)[]
    {
        (
            LimitKind.Budget,
            """
            budget max_budget budget_limit budget_max budget_usd max_budget_usd hard_budget hard_limit hard_limit_usd
            soft_budget soft_limit budget_id spend_limit spending_limit max_spend
            max_spending cost_limit max_cost usd_limit limit_usd credit_limit credits max_credits quota monthly_budget
            monthly_limit monthly_budget_usd daily_budget daily_limit weekly_budget
            model_max_budget model_budget max_budget_in_team team_member_budget tag_budget limit
            """
        ),
        (
            LimitKind.BudgetPeriod,
            """
            budget_duration budget_period budget_interval budget_reset_at budget_reset reset_at reset_interval
            reset_period limit_reset budget_limits budget_window time_period
            """
        ),
        (
            LimitKind.Rate,
            """
            rpm tpm rpd tpd rps rpm_limit tpm_limit rpd_limit tpd_limit rps_limit max_rpm max_tpm max_rpd max_tpd
            limit_rpm limit_tpm requests_per_minute tokens_per_minute requests_per_day
            tokens_per_day requests_per_second requests_per_hour tokens_per_hour tokens_per_second request_limit
            requests_limit token_limit tokens_limit max_requests max_tokens_per_minute
            max_requests_per_minute max_tokens_per_day max_requests_per_day max_requests_per_1_minute
            max_requests_per_1_day max_tokens_per_1_minute rate_limit rate_limits ratelimit
            throttle model_rpm_limit model_tpm_limit rpm_limit_type tpm_limit_type team_member_rpm_limit
            team_member_tpm_limit input_tpm output_tpm
            """
        ),
        (
            LimitKind.Concurrency,
            """
            max_parallel_requests parallel_requests global_max_parallel_requests concurrency concurrency_limit
            max_concurrency max_concurrent max_concurrent_requests concurrent_requests
            max_in_flight
            """
        ),
        (LimitKind.OutputTokens, "max_output_tokens output_token_limit max_tokens max_completion_tokens"),
        (LimitKind.MonthlyTokens, "monthly_token_limit monthly_tokens max_monthly_tokens tokens_per_month"),
        (
            LimitKind.Models,
            """
            models model allowed_models allow_models models_allowed model_allowlist model_whitelist allowed_model_names
            model_access models_whitelist blocked_models denied_models
            model_denylist excluded_models model_groups access_groups access_group_ids allowed_model_groups
            """
        ),
        (
            LimitKind.Networks,
            """
            allowed_ips allowed_ip ip_allowlist ip_whitelist allowed_ip_addresses allowed_networks allowed_cidrs
            ip_restrictions ip_addresses trusted_ips blocked_ips denied_ips
            """
        ),
        (
            LimitKind.Expiry,
            """
            expires expires_at expires_in expire_at expire expiry expiry_date expiration expiration_date expiration_time
            expires_on valid_until valid_to not_after ttl ttl_seconds duration
            lifetime key_duration
            """
        ),
        (LimitKind.Blocked, "disabled is_disabled blocked is_blocked suspended is_suspended locked is_locked"),
        (LimitKind.Enabled, "is_active active enabled is_enabled"),
    }
        .SelectMany(row =>
            row.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(name => KeyValuePair.Create(Normalized(name), row.Kind))
        )
        .ToFrozenDictionary();

    // Parts of names that nobody gives to what is no limit. A part counts when it is a word of the name.
    private static readonly FrozenSet<string> Suspicious = new[]
    {
        "limit",
        "limits",
        "max",
        "maximum",
        "budget",
        "budgets",
        "quota",
        "quotas",
        "rpm",
        "tpm",
        "rpd",
        "tpd",
        "cap",
        "caps",
        "allowed",
        "allowlist",
        "whitelist",
        "denied",
        "denylist",
        "blacklist",
        "blocked",
        "expires",
        "expiry",
        "expiration",
        "ttl",
        "throttle",
        "ratelimit",
        "concurrency",
        "concurrent",
        "parallel",
    }.ToFrozenSet();

    /// <summary>What a member of this name would limit; null: it is no limit.</summary>
    public static LimitKind? Find(string name) =>
        Known.TryGetValue(Normalized(name), out var kind) ? kind
        : WordsOf(name).Any(Suspicious.Contains) ? LimitKind.Unknown
        : null;

    /// <summary>A name without case and separators.</summary>
    public static string Normalized(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    // max_budget_x, maxBudgetX, Max-Budget-X: max, budget, x.
    private static IEnumerable<string> WordsOf(string name)
    {
        var start = 0;
        for (var at = 1; at <= name.Length; at++)
        {
            var isEnd =
                at == name.Length
                || !char.IsAsciiLetterOrDigit(name[at])
                || (char.IsAsciiLetterUpper(name[at]) && !char.IsAsciiLetterUpper(name[at - 1]));
            if (isEnd)
            {
                yield return Normalized(name[start..at]);
                start = at;
            }
        }
    }
}
