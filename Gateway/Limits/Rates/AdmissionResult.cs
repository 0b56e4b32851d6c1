namespace Gateway.Limits.Rates;

/// <summary>The answer to a call that asks: exactly one of both is set.</summary>
/// <param name="Lease">What it took; the call is in.</param>
/// <param name="Refusal">Why it is not.</param>
internal readonly record struct AdmissionResult(AdmissionLease? Lease, LimitRefusal? Refusal);
