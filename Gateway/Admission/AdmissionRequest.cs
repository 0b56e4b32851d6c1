using Gateway.Core.Quotas;

namespace Gateway.Admission;

/// <summary>A limit and the counters that it looks at.</summary>
internal readonly record struct ScopeLimit(RateLimit Limit, ScopeCounters Counters);

/// <summary>A call that asks to be let in.</summary>
internal readonly ref struct AdmissionRequest
{
    /// <summary>The most tokens that one call is counted with, so that no sum can overflow.</summary>
    public const long MostTokens = 1L << 40;

    /// <param name="limits">All limits that apply, in any order. Two may look at the same counters; a call counts there once.</param>
    /// <param name="tokensBound">The most tokens that the call can use, prompt and answer.</param>
    public AdmissionRequest(ReadOnlySpan<ScopeLimit> limits, long tokensBound)
    {
        Limits = limits;
        TokensBound = Math.Clamp(tokensBound, 0, MostTokens);
    }

    /// <summary>All limits that apply.</summary>
    public ReadOnlySpan<ScopeLimit> Limits { get; }

    /// <summary>Taken from token windows until the real usage is known.</summary>
    public long TokensBound { get; }
}

/// <summary>The answer to a call that asks: exactly one of both is set.</summary>
/// <param name="Lease">What it took; the call is in.</param>
/// <param name="Refusal">Why it is not.</param>
internal readonly record struct AdmissionResult(AdmissionLease? Lease, LimitRefusal? Refusal);
