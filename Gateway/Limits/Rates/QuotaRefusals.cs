using System.Globalization;
using Gateway.Calls;
using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>
/// What a client is told when a rate has no room, as OpenAI's SDKs know it: 429 <c>rate_limit_exceeded</c> with <c>Retry-After</c>, which
/// SDKs wait for. Money's are in <see cref="MoneyRefusals"/>.
/// </summary>
internal static class QuotaRefusals
{
    public static Refusal RateLimited(LimitRefusal refusal)
    {
        var details = new LimitDetails(
            refusal.Limit.Scope.ToName(),
            refusal.Max,
            refusal.Window.ToName(),
            refusal.Remaining,
            refusal.ResetAt
        )
        {
            Kind = refusal.Window.ToName(),
            Reason = refusal.NeverFits ? LimitReasons.LargerThanLimit : LimitReasons.RateReached,
            Needed = refusal.Needed,
        };
        return new Refusal(429, IsTokens(refusal.Window) ? "tokens" : "requests", "rate_limit_exceeded", Sentence(refusal))
        {
            Details = details,
            RetryAfterSeconds = refusal.RetryAfter is { } wait ? Math.Max(1, (long)wait.TotalSeconds) : null,
            MustNotRetry = refusal.NeverFits,
        };
    }

    /// <summary>A scope in a sentence.</summary>
    public static string Named(QuotaScope scope) =>
        scope switch
        {
            QuotaScope.ApiKey => "API key",
            QuotaScope.User => "user",
            QuotaScope.Team => "team",
            _ => "model in your tier",
        };

    /// <summary>The scope of a budget in a sentence.</summary>
    public static string Named(Budget budget) => budget.EndUser is null ? Named(budget.Scope) : "end user";

    /// <summary>The scope of a budget in <c>error.gateway.scope</c>.</summary>
    public static string ScopeOf(Budget budget) => budget.EndUser is null ? budget.Scope.ToName() : "end_user";

    private static bool IsTokens(LimitWindow window) =>
        window is LimitWindow.TokensPerMinute or LimitWindow.TokensPerDay or LimitWindow.TokensPerMonth;

    private static string Sentence(LimitRefusal refusal)
    {
        var scope = Named(refusal.Limit.Scope);
        var window = refusal.Window.ToName().Replace('_', ' ');
        if (refusal.NeverFits)
        {
            var what = IsTokens(refusal.Window)
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The input of this request alone, about {refusal.Needed} tokens, is larger than the limit of this {scope}"
                )
                : $"This request alone is larger than the limit of this {scope}";
            return string.Create(CultureInfo.InvariantCulture, $"{what}: {refusal.Max} {window}. Send a smaller one.");
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Rate limit reached for this {scope}: {refusal.Max} {window}, {refusal.Remaining} left. Try again in "
                + $"{refusal.RetryAfter!.Value.TotalSeconds:0}s."
        );
    }
}
