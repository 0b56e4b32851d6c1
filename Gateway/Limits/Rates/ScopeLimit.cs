using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>A limit and the counters that it looks at.</summary>
internal readonly record struct ScopeLimit(RateLimit Limit, ScopeCounters Counters);
