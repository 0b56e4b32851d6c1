using System.Globalization;
using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Bound;
using Gateway.Limits.Rates;

namespace Gateway.Limits.Budgets;

/// <summary>
/// What a client is told when money does not cover a call: 429 <c>insufficient_quota</c> without <c>Retry-After</c> and with
/// <c>x-should-retry: false</c>, because SDKs would sleep on it without a bound. Three cases, each with what to change: the money is used
/// up, what is left is less than the call may cost, or the call may cost more than the whole budget.
/// </summary>
internal static class MoneyRefusals
{
    private const string InsufficientQuota = "insufficient_quota";

    /// <summary>The refusal by one account.</summary>
    /// <param name="shortage">Which account, and how it stood.</param>
    /// <param name="bound">What the call may cost.</param>
    /// <param name="canClamp">Whether the gateway would have lowered the maximum to what the money covers: then even the shortest answer is
    /// not covered.</param>
    /// <param name="maximumName">The API's own name of the maximum, for the remedy.</param>
    public static Refusal Exceeded(in MoneyShortage shortage, in CallBound bound, bool canClamp, string maximumName = "max_tokens")
    {
        var needed = canClamp ? bound.LeastCost : bound.Cost;
        var whole = shortage.Line.Budget?.Cap ?? Money.Max(Money.Zero, shortage.Left + shortage.Held);
        var reason =
            whole > Money.Zero && needed > whole ? LimitReasons.LargerThanLimit
            : shortage.Left <= Money.Zero ? LimitReasons.UsedUp
            : LimitReasons.NotEnoughLeft;
        var fitting = bound.FittingMaximum(reason == LimitReasons.LargerThanLimit ? whole : shortage.LeastLeft);
        return new Refusal(
            429,
            InsufficientQuota,
            InsufficientQuota,
            Sentence(shortage, reason, whole, needed, Remedy(fitting, maximumName))
        )
        {
            Details = Describe(shortage, reason, whole, needed) with { MaxTokens = fitting },
            MustNotRetry = true,
        };
    }

    private static LimitDetails Describe(in MoneyShortage shortage, string reason, Money whole, Money needed)
    {
        var (budget, left) = (shortage.Line.Budget, shortage.Left.ToUsd());
        return budget is null
            ? new LimitDetails("balance", whole.ToUsd(), "balance", left, null)
            {
                Kind = "balance",
                Reason = reason,
                Needed = needed.ToUsd(),
                Held = shortage.Held.ToUsd(),
            }
            : new LimitDetails(
                QuotaRefusals.ScopeOf(budget),
                budget.Cap.ToUsd(),
                budget.Period.Text,
                left,
                budget.Period.WindowAt(shortage.Line.WindowStart).End
            )
            {
                Kind = "budget",
                Reason = reason,
                Needed = needed.ToUsd(),
                Held = shortage.Held.ToUsd(),
            };
    }

    private static string Sentence(in MoneyShortage shortage, string reason, Money whole, Money needed, string remedy)
    {
        var what = shortage.Line.Budget is { } budget
            ? $"budget of this {QuotaRefusals.Named(budget)} ({budget.Cap} USD, {budget.Period.Text})"
            : "balance";
        var held = shortage.Held > Money.Zero ? $", {shortage.Held} USD are held by calls in flight" : "";
        return reason switch
        {
            LimitReasons.UsedUp => $"The {what} is used up{held}. {AfterUsedUp(shortage)}",
            LimitReasons.LargerThanLimit => $"This call may cost {needed} USD, more than the whole "
                + $"{(shortage.Line.Budget is null ? $"balance ({whole} USD)" : what)}. {remedy}",
            _ => $"This call may cost {needed} USD, and {shortage.Left} USD of the {what} are left{held}. {remedy}",
        };
    }

    private static string AfterUsedUp(in MoneyShortage shortage)
    {
        if (shortage.Line.Budget is not { } budget)
        {
            return "Add money to it.";
        }
        return budget.Period.WindowAt(shortage.Line.WindowStart).End is { } reset
            ? string.Create(CultureInfo.InvariantCulture, $"It resets at {reset:yyyy-MM-ddTHH:mm:ssZ}; an administrator can raise it.")
            : "An administrator can raise it.";
    }

    private static string Remedy(long? fitting, string maximumName) =>
        fitting is { } maximum
            ? string.Create(CultureInfo.InvariantCulture, $"Set '{maximumName}' to at most {maximum}, or use a smaller model.")
            : "Send a shorter prompt, or use a smaller model.";
}
