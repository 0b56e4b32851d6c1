using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>A shadow limit that would have refused a call.</summary>
internal readonly record struct LimitHit(RateLimit Limit, LimitWindow Window);
