using System.Globalization;
using Gateway.Admission;
using Gateway.Budgeting;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Errors;

/// <summary>Whose limit said no, for <c>error.gateway</c>.</summary>
/// <param name="Scope"><c>api_key</c>, <c>user</c>, <c>team</c>, <c>tier</c>, <c>balance</c>.</param>
/// <param name="Limit">The limit: a number of requests or tokens, or USD.</param>
/// <param name="Window"><c>requests_per_minute</c>, ..., or a budget's period.</param>
/// <param name="Remaining">What is left of it, in the same unit.</param>
/// <param name="ResetAt">When it has room again; null: not by waiting.</param>
internal sealed record LimitDetails(string Scope, decimal Limit, string Window, decimal Remaining, DateTime? ResetAt)
{
    /// <summary>What kind of limit it is, from a short list: a rate's window, <c>budget</c> or <c>balance</c>. A metric's label.</summary>
    public required string Kind { get; init; }
}

/// <summary>
/// The noes of limits and budgets, as OpenAI's SDKs know them: 429 <c>rate_limit_exceeded</c> with <c>Retry-After</c>, which SDKs wait for; 429 <c>insufficient_quota</c>
/// without it and with <c>x-should-retry: false</c>, because they would sleep on it without a bound.
/// </summary>
internal static class QuotaRefusals
{
    private const string InsufficientQuota = "insufficient_quota";

    public static Refusal RateLimited(LimitRefusal refusal)
    {
        var details = new LimitDetails(refusal.Limit.Scope.ToName(), refusal.Max, refusal.Window.ToName(), refusal.Remaining, refusal.ResetAt) { Kind = refusal.Window.ToName() };
        var isTokens = refusal.Window is LimitWindow.TokensPerMinute or LimitWindow.TokensPerDay or LimitWindow.TokensPerMonth;
        return new Refusal(429, isTokens ? "tokens" : "requests", "rate_limit_exceeded", Sentence(refusal))
        {
            Details = details,
            RetryAfterSeconds = refusal.RetryAfter is { } wait ? Math.Max(1, (long)wait.TotalSeconds) : null,
            MustNotRetry = refusal.NeverFits,
        };
    }

    public static Refusal BudgetExceeded(in HoldLine line, Money available, Money needed) => line.Budget is { } budget
        ? new Refusal(429, InsufficientQuota, InsufficientQuota,
            $"You exceeded the budget of this {Named(budget.Scope)} ({budget.Cap} USD, {budget.Period.Text}): this call may cost {needed} USD and {available} USD are left.")
        {
            Details = new LimitDetails(budget.Scope.ToName(), budget.Cap.ToUsd(), budget.Period.Text, available.ToUsd(), budget.Period.WindowAt(line.WindowStart).End) { Kind = "budget" },
            MustNotRetry = true,
        }
        : new Refusal(429, InsufficientQuota, InsufficientQuota, $"The balance is too low: this call may cost {needed} USD and {available} USD are left.")
        {
            Details = new LimitDetails("balance", available.ToUsd(), "balance", available.ToUsd(), null) { Kind = "balance" },
            MustNotRetry = true,
        };

    private static string Sentence(LimitRefusal refusal)
    {
        var scope = Named(refusal.Limit.Scope);
        var window = refusal.Window.ToName().Replace('_', ' ');
        if (refusal.NeverFits)
        {
            return string.Create(CultureInfo.InvariantCulture, $"This request alone is larger than the limit of this {scope}: {refusal.Max} {window}. Send a smaller one{(refusal.Window is LimitWindow.TokensPerMinute or LimitWindow.TokensPerDay or LimitWindow.TokensPerMonth ? ", or a lower max_tokens" : "")}.");
        }
        return string.Create(CultureInfo.InvariantCulture, $"Rate limit reached for this {scope}: {refusal.Max} {window}, {refusal.Remaining} left. Try again in {refusal.RetryAfter!.Value.TotalSeconds:0}s.");
    }

    private static string Named(QuotaScope scope) => scope switch
    {
        QuotaScope.ApiKey => "API key",
        QuotaScope.User => "user",
        QuotaScope.Team => "team",
        _ => "model in your tier",
    };
}
