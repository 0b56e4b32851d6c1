using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>A call that asks to be let in.</summary>
internal readonly ref struct AdmissionRequest
{
    /// <param name="limits">All limits that apply, in any order. Two may look at the same counters; a call counts there once.</param>
    /// <param name="estimate">The tokens that the call is likely to use, prompt and answer.</param>
    public AdmissionRequest(ReadOnlySpan<ScopeLimit> limits, TokenEstimate estimate)
    {
        Limits = limits;
        Estimate = estimate;
        LeastTokenLimit = LeastOf(limits);
        Tokens = estimate.Within(LeastTokenLimit);
    }

    /// <summary>All limits that apply.</summary>
    public ReadOnlySpan<ScopeLimit> Limits { get; }

    /// <summary>The tokens that the call is likely to use.</summary>
    public TokenEstimate Estimate { get; }

    /// <summary>The lowest limit on tokens that can refuse, of whatever window; the highest number when there is none.</summary>
    public long LeastTokenLimit { get; }

    /// <summary>Taken from all token windows until the real usage is known: one figure, so that all of them settle alike.</summary>
    public long Tokens { get; }

    // A shadow limit changes nothing in other limits' windows, so it has no say here.
    private static long LeastOf(ReadOnlySpan<ScopeLimit> limits)
    {
        var least = long.MaxValue;
        foreach (ref readonly var scope in limits)
        {
            if (scope.Limit.Mode == QuotaMode.Enforce)
            {
                least = Math.Min(
                    least,
                    Math.Min(
                        scope.Limit.TokensPerMinute ?? long.MaxValue,
                        Math.Min(scope.Limit.TokensPerDay ?? long.MaxValue, scope.Limit.TokensPerMonth ?? long.MaxValue)
                    )
                );
            }
        }
        return least;
    }
}
